export default function Conversations() { return null; }
