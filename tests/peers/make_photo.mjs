// Draws a picture of twelve megapixels that weighs what a phone's photo does – soft shapes, texture and grain – and
// writes it with sharp, on its side as phones do: node make_photo.mjs FILE.jpg|FILE.png [progressive]
//
// The same pixels on every run.
import sharp from "sharp";

const [WIDTH, HEIGHT] = [4032, 3024];
/** Divisors of the size at which noise is drawn before it is blown up, and how strong it is. */
const LAYERS = [[504, 70], [126, 40], [36, 25], [9, 14], [3, 8]];
const GRAIN = 6;
const SIDEWAYS = 6;

/** mulberry32: a small generator that is the same everywhere. */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 24) - 128;
  };
}

async function layer(divisor, seed) {
  const [width, height] = [Math.ceil(WIDTH / divisor), Math.ceil(HEIGHT / divisor)];
  const next = random(seed);
  const noise = Uint8Array.from({ length: width * height * 3 }, () => next() + 128);
  const small = sharp(noise, { raw: { width, height, channels: 3 } });
  return small.resize(WIDTH, HEIGHT, { fit: "fill", kernel: "cubic" }).raw().toBuffer();
}

const [path, coding] = process.argv.slice(2);
const layers = await Promise.all(LAYERS.map(([divisor], index) => layer(divisor, index)));
const grain = random(LAYERS.length);
const pixels = new Uint8ClampedArray(WIDTH * HEIGHT * 3);
for (let at = 0; at < pixels.length; at += 3) {
  const light = 128 + (grain() * GRAIN) / 128;
  for (let channel = at; channel < at + 3; channel++) {
    let sum = light;
    for (let index = 0; index < layers.length; index++) sum += ((layers[index][channel] - 128) * LAYERS[index][1]) / 128;
    pixels[channel] = sum;
  }
}
const picture = sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const file = path.endsWith(".png")
  ? picture.png({ adaptiveFiltering: true })
  : picture.withMetadata({ orientation: SIDEWAYS }).jpeg({ quality: 88, progressive: coding === "progressive" });
await file.toFile(path);
