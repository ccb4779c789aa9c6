/**
 * Chinese typed by ear. Pure.
 */

/**
 * Whether `typed` (Latin letters) is how one types some of the syllables, one after the other, each from its beginning:
 * for "wu ye guan li" wuye, wygl, wyguan and gl.
 */
export function soundsLike(typed, syllables) {
  const parts = syllables.split(" ");
  return parts.some((_, index) => beginsHere(typed, parts, index));
}

function beginsHere(typed, parts, index) {
  if (typed === "") return true;
  const part = parts[index] ?? "";
  for (let length = sharedLength(typed, part); length > 0; length -= 1) {
    if (beginsHere(typed.slice(length), parts, index + 1)) return true;
  }
  return false;
}

function sharedLength(one, other) {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
}
