export default function Preferences() { return null; }
