// Masks as the protocol has them, and their colours.

// The first ones of a palette for colour-blind readers (Okabe and Ito, 2008), as `aurald draw` uses them.
const palette = [[230, 159, 0], [86, 180, 233], [0, 158, 115], [240, 228, 66], [0, 114, 178], [213, 94, 0], [204, 121, 167]]

/** The colour that stays with an object's number. */
export const colour = (id) => palette[id % palette.length]

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

const inner = 110 // of 255: what is under a mask stays to be seen

/** Objects' masks as an image of their own size, transparent around them. Where masks overlap, the last one is seen. */
function painted(objects, width, height) {
  const image = new ImageData(width, height)
  const thickness = Math.max(1, Math.round(Math.min(width, height) / 240))
  for (const object of objects) {
    const mask = pixels(object)
    if (!mask) continue
    const [red, green, blue] = colour(object.object_id)
    const [left, top, wide, high] = object.bbox
    for (let y = Math.max(0, top); y < Math.min(height, top + high); y += 1) {
      for (let x = Math.max(0, left); x < Math.min(width, left + wide); x += 1) {
        const at = y * width + x
        if (!mask[at]) continue
        const isEdge = x < thickness || y < thickness || x >= width - thickness || y >= height - thickness
          || !mask[at - thickness] || !mask[at + thickness] || !mask[at - thickness * width] || !mask[at + thickness * width]
        image.data[4 * at] = red
        image.data[4 * at + 1] = green
        image.data[4 * at + 2] = blue
        image.data[4 * at + 3] = isEdge ? 255 : inner
      }
    }
  }
  return image
}

const layer = document.createElement("canvas")

/** Draws masks over the picture. They need not have its size: with `mask_size = "native"` a square stands for the whole frame. */
export function draw(context, objects) {
  const sizes = new Map()
  for (const object of objects) if (object.area > 0) sizes.set(`${object.size}`, [...(sizes.get(`${object.size}`) ?? []), object])
  for (const group of sizes.values()) {
    const [height, width] = group[0].size
    if (layer.width !== width || layer.height !== height) [layer.width, layer.height] = [width, height]
    layer.getContext("2d").putImageData(painted(group, width, height), 0, 0)
    context.drawImage(layer, 0, 0, context.canvas.width, context.canvas.height)
  }
}
