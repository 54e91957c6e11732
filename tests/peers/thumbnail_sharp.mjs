// Makes a thumbnail of 320 pixels, upright, and prints the best time of five in milliseconds.
import { readFile } from "node:fs/promises";

import sharp from "sharp";

const file = await readFile(process.argv[2]);
sharp.cache(false);

async function thumbnail() {
  const started = performance.now();
  await sharp(file).autoOrient().resize(320, 320, { fit: "inside" }).jpeg({ quality: 80 }).toBuffer();
  return performance.now() - started;
}

let best = Infinity;
for (let run = 0; run < 5; run++) best = Math.min(best, await thumbnail());
console.log(JSON.stringify({ ms: Math.round(best) }));
