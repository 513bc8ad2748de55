// EXIF of a JPEG: a photo that is drawn anew loses it, and with it when and where it was taken.

const [SOI, APP1, SOS] = [0xffd8, 0xffe1, 0xffda];
const EXIF = 0x45786966; // "Exif"
const ORIENTATION = 0x0112;

// The APP1 segment of an original's bytes with its picture upright, or null.
export function exifSegment(buffer) {
  const view = new DataView(buffer);
  if (view.byteLength < 4 || view.getUint16(0) !== SOI) return null;
  for (let at = 2; at + 10 < view.byteLength; ) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (marker === SOS || (marker & 0xff00) !== 0xff00) return null;
    if (marker === APP1 && view.getUint32(at + 4) === EXIF) {
      const segment = buffer.slice(at, at + 2 + length);
      makeUpright(new DataView(segment, 10));
      return segment;
    }
    at += 2 + length;
  }
  return null;
}

// A canvas draws the picture upright already; the tag would turn it once more.
function makeUpright(tiff) {
  if (tiff.byteLength < 8) return;
  const little = tiff.getUint16(0) === 0x4949;
  const directory = tiff.getUint32(4, little);
  if (directory + 2 > tiff.byteLength) return;
  const entries = tiff.getUint16(directory, little);
  for (let i = 0; i < entries; i += 1) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.byteLength) return;
    if (tiff.getUint16(entry, little) === ORIENTATION) tiff.setUint16(entry + 8, 1, little);
  }
}

// The JPEG of a canvas with the segment behind its first marker.
export async function withSegment(jpeg, segment) {
  if (!segment) return jpeg;
  return new Blob([jpeg.slice(0, 2), segment, jpeg.slice(2)], { type: "image/jpeg" });
}
