// Masks as the protocol has them, and their colours.

// The first ones of a palette for colour-blind readers (Okabe and Ito, 2008), as `aurald draw` uses them.
const palette = [[230, 159, 0], [86, 180, 233], [0, 158, 115], [240, 228, 66], [0, 114, 178], [213, 94, 0], [204, 121, 167]]

/** The colour that stays with an object's number. */
export const colour = (id) => palette[Math.max(id, 0) % palette.length]

/** COCO's compressed run lengths as lengths. */
export function runs(counts) {
  const result = []
  let value = 0, shift = 0
  for (let place = 0; place < counts.length; place += 1) {
    const bits = counts.charCodeAt(place) - 48
    value |= (bits & 0x1f) << shift
    shift += 5
    if (bits & 0x20) continue
    if (bits & 0x10) value |= -1 << shift
    result.push(value + (result.length > 2 ? result[result.length - 2] : 0))
    value = shift = 0
  }
  return result
}

/** One byte a pixel, row after row: 1 inside. Null where the lengths do not fill the size. */
export function pixels({ counts, size: [height, width] }) {
  const result = new Uint8Array(height * width)
  let place = 0, inside = 0
  for (const run of runs(counts)) {
    if (run < 0 || place + run > result.length) return null
    if (inside) for (let at = place; at < place + run; at += 1) result[(at % height) * width + Math.floor(at / height)] = 1
    place += run
    inside = 1 - inside
  }
  return place === result.length ? result : null
}

/** Draws masks over the picture in a canvas of the picture's size. */
export function draw(context, objects) {
  const { width, height } = context.canvas
  const image = context.getImageData(0, 0, width, height)
  for (const object of objects) {
    if (object.size[0] !== height || object.size[1] !== width) continue
    const mask = pixels(object)
    if (!mask) continue
    const [red, green, blue] = colour(object.object_id)
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = y * width + x
        if (!mask[at]) continue
        const edge = x < 2 || y < 2 || x >= width - 2 || y >= height - 2
          || !mask[at - 2] || !mask[at + 2] || !mask[at - 2 * width] || !mask[at + 2 * width]
        const share = edge ? 1 : 0.5
        image.data[4 * at] += (red - image.data[4 * at]) * share
        image.data[4 * at + 1] += (green - image.data[4 * at + 1]) * share
        image.data[4 * at + 2] += (blue - image.data[4 * at + 2]) * share
      }
    }
  }
  context.putImageData(image, 0, 0)
}
