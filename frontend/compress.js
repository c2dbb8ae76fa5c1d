/** Compressed copies beside the files of the built app; the server sends them to browsers that take them. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const DIST = fileURLToPath(new URL("../src/vasi/web/dist", import.meta.url));
const TEXT = /\.(js|mjs|css|html|svg|webmanifest)$/;
/** Bytes that fit into one packet as they are. */
const SMALL = 1_000;

for (const name of readdirSync(DIST, { recursive: true })) {
  if (!TEXT.test(name)) continue;
  const path = join(DIST, name);
  const plain = readFileSync(path);
  if (plain.length < SMALL) continue;
  writeFileSync(`${path}.br`, brotliCompressSync(plain));
  writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
}
