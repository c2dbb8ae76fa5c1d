export default function SourcePane(_: { passage: unknown }) { return null; }
