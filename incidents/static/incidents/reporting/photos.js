/**
 * Photos made small enough to keep and to send. They are drawn anew, so that nothing of the camera's notes (place, time,
 * serial number) is left; their orientation is taken from those notes before.
 */
const SIDES = [1600, 1280, 960, 640];
export const LARGEST_SIDE = SIDES[0];
const TYPE = "image/jpeg";
const QUALITY = 0.82;

/** Not a picture that this browser can read (HEIC in most, a broken file). */
export class UnreadablePhoto extends Error {
  constructor() {
    super("unreadable photo");
    this.name = "UnreadablePhoto";
  }
}

/**
 * @param {Blob} file
 * @param {number} limitSide pixels of the longer side at most
 * @returns {Promise<{type, width, height, bytes: ArrayBuffer}>} a JPEG
 * @throws {UnreadablePhoto}
 */
export async function shrinkPhoto(file, limitSide = LARGEST_SIDE) {
  const picture = await decoded(file);
  const scale = Math.min(1, limitSide / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  // What is transparent would be black in a JPEG.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close?.();
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, TYPE, QUALITY); });
  if (!blob) throw new UnreadablePhoto();
  return { type: TYPE, width: canvas.width, height: canvas.height, bytes: await blob.arrayBuffer() };
}

/** The same photo one step smaller, null where it is as small as it may be. */
export async function shrinkFurther(bytes, { type, width, height }) {
  const side = SIDES.find((each) => each < Math.max(width, height));
  return side ? shrinkPhoto(new Blob([bytes], { type }), side) : null;
}

async function decoded(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    // Older browsers know no options, or no such function.
    return decodedByElement(file);
  }
}

async function decodedByElement(file) {
  const picture = new Image();
  picture.src = URL.createObjectURL(file);
  try {
    await picture.decode();
    return picture;
  } catch {
    throw new UnreadablePhoto();
  } finally {
    URL.revokeObjectURL(picture.src);
  }
}
