import sharp from "sharp";

/** A picture with soft shades and a little noise, as a camera gives. The same bytes each time. */
export async function photo(width: number, height: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  let seed = 1;
  for (let index = 0; index < pixels.length; index += 3) {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
    const x = (index / 3) % width;
    const y = Math.floor(index / 3 / width);
    const light = Math.sin(x / 40) * 40 + Math.cos(y / 30) * 50 + seed / 2 ** 29;
    pixels[index] = 120 + light;
    pixels[index + 1] = 110 + light * 0.7;
    pixels[index + 2] = 140 - light * 0.5;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer();
}

/** A bar of one colour on nothing. */
export function drawing(width: number, height: number): Promise<Buffer> {
  const bar = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="9" height="9" fill="#2336d6"/></svg>`;
  return sharp(Buffer.from(bar)).png().toBuffer();
}

/** Three frames that differ. */
export async function animation(width: number, height: number): Promise<Buffer> {
  const frames = await Promise.all(
    ["#ff0000", "#00ff00", "#0000ff"].map((background) =>
      sharp({ create: { width, height, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  return sharp(frames, { join: { animated: true } })
    .gif({ delay: [100, 100, 100] })
    .toBuffer();
}

/** A PNG whose head promises 30,000 x 30,000 pixels and that has almost none. */
export async function pixelBomb(): Promise<Buffer> {
  const png = await sharp({ create: { width: 4, height: 4, channels: 3, background: "#fff" } })
    .png()
    .toBuffer();
  png.writeUInt32BE(30_000, 16);
  png.writeUInt32BE(30_000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

/** As PNG wants it behind each chunk. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
