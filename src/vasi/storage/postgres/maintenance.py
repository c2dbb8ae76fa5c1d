"""What is wrong with the rows, if anything is."""

from __future__ import annotations

from vasi.storage.postgres.database import Transaction

_ROWS = (
    (
        "documents and notes whose passages aren't counted rightly",
        "SELECT count(*) FROM segments s WHERE s.passages <>"
        " (SELECT count(*) FROM passages p WHERE p.segment_id = s.id) OR length(s.lengths) <> 8 * s.passages",
    ),
    (
        "passages without terms, or terms without passages",
        "SELECT count(*) FROM (SELECT id, words + sounds > 0 AS has FROM segments) s FULL JOIN"
        " (SELECT DISTINCT segment_id FROM postings) p ON p.segment_id = s.id"
        " WHERE s.id IS NULL OR (p.segment_id IS NOT NULL) <> s.has",
    ),
    (
        "entries of the index that name another owner than their passages",
        "SELECT count(*) FROM segments s WHERE EXISTS (SELECT FROM postings t WHERE t.segment_id = s.id"
        " AND t.owner_id <> s.owner_id) OR EXISTS (SELECT FROM passages p WHERE p.segment_id = s.id"
        " AND p.owner_id <> s.owner_id)",
    ),
    (
        "owners whose passages aren't counted rightly",
        "SELECT count(*) FROM owners o WHERE (o.passages, o.words, o.sounds) <> (SELECT"
        " coalesce(sum(s.passages), 0)::integer, coalesce(sum(s.words), 0)::bigint, coalesce(sum(s.sounds), 0)::bigint"
        " FROM segments s WHERE s.owner_id = o.id)",
    ),
    (
        "notes without a passage",
        "SELECT count(*) FROM notes n WHERE binned_at IS NULL AND NOT EXISTS"
        " (SELECT FROM segments s WHERE s.note_id = n.id)",
    ),
    (
        "notes in the bin that can still be found",
        "SELECT count(*) FROM notes n JOIN segments s ON s.note_id = n.id WHERE n.binned_at IS NOT NULL",
    ),
    (
        "passages that belong to another owner than their document or note",
        "SELECT count(*) FROM segments s LEFT JOIN documents d ON d.id = s.document_id"
        " LEFT JOIN notes n ON n.id = s.note_id WHERE s.owner_id <> coalesce(d.owner_id, n.owner_id)",
    ),
    (
        "items of conversations that belong to another owner than the conversation",
        "SELECT count(*) FROM conversation_items i JOIN conversations c ON c.id = i.conversation_id"
        " WHERE i.owner_id <> c.owner_id",
    ),
    (
        "vectors that belong to another owner than their passage",
        "SELECT count(*) FROM vectors v JOIN segments s ON s.id = v.segment_id WHERE v.owner_id <> s.owner_id",
    ),
)


async def problems(db: Transaction) -> list[str]:
    """What the tables say of each other that can't be; files and pages are the server's to check."""
    found: list[str] = []
    for what, sql in _ROWS:
        count = await db.value(sql)
        if count:
            found.append(f"There are {what}: {count}.")
    return found
