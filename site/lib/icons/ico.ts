/** A square PNG and its side in pixels, at most 256. */
export type IcoImage = { readonly size: number; readonly png: Uint8Array };

const HEADER_BYTES = 6;
const ENTRY_BYTES = 16;
const ICON = 1;

/** Puts PNGs into one `.ico` file, as every browser since 2009 and Windows since Vista reads it. */
export function makeIco(images: readonly IcoImage[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + ENTRY_BYTES * images.length);
  header.writeUInt16LE(ICON, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  images.forEach(({ size, png }, index) => {
    const at = HEADER_BYTES + ENTRY_BYTES * index;
    // The format has one byte for a side: 0 stands for 256.
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...images.map(({ png }) => png)]);
}
