// The picture with its masks: each frame's own, never an older frame's masks over a newer picture.
import { picture } from "./daemon.js"
import { colour, draw } from "./masks.js"

export class View {
  /** The frame that is on the screen, and its picture. */
  frame = null
  #image = null
  /** Frames whose pictures have not come yet, by number; what a daemon leaves out does not pile up. */
  #frames = new Map()
  #next = null
  #isLoading = false
  /** Counts the daemons that have gone: what was asked for before is not shown after. */
  #epoch = 0

  /** `isHidden(id)` and `name(id)` tell of objects, `onMarks(context, width, height)` draws on top, in CSS pixels. */
  constructor(stage, { isHidden, name, onMarks, onShow }) {
    Object.assign(this, { stage, isHidden, name, onMarks, onShow })
    this.canvas = stage.querySelector("#picture")
    this.marks = stage.querySelector("#marks")
    new ResizeObserver(() => this.paintMarks()).observe(this.canvas)
  }

  /** A frame came. Its picture follows. */
  take(frame) {
    this.#frames.set(frame.seq, { ...frame, instances: [] })
    for (const seq of [...this.#frames.keys()].slice(0, -32)) this.#frames.delete(seq)
  }

  /** A part of the sounding object's mask came, behind its frame. */
  takeInstance(instance) { this.#frames.get(instance.seq)?.instances.push(instance) }

  /** A frame's picture can be fetched. */
  offer(seq) {
    const frame = this.#frames.get(seq)
    if (!frame) return
    for (const older of [...this.#frames.keys()]) if (older <= seq) this.#frames.delete(older)
    this.#next = frame
    this.#load()
  }

  /** The daemon is gone: its numbers begin anew. The last picture stays. */
  forget() {
    this.#frames.clear()
    this.#next = null
    this.#epoch += 1
    if (this.frame) this.frame = { ...this.frame, objects: [], instances: [] }
    this.paint()
  }

  /** What a reply says of the frame that is shown, which is not sent again; null for an object that is gone. */
  correct(seq, id, object) {
    if (!this.frame || (object && this.frame.seq !== seq)) return
    const others = this.frame.objects.filter((other) => other.object_id !== id)
    this.frame = { ...this.frame, objects: object ? [...others, object].sort((left, right) => left.object_id - right.object_id) : others }
    this.paint()
  }

  async #load() {
    if (this.#isLoading) return
    this.#isLoading = true
    while (this.#next) {
      const frame = this.#next, epoch = this.#epoch
      this.#next = null
      try {
        const image = await picture(frame.seq)
        if (!image || epoch !== this.#epoch) continue
        this.#image?.close()
        this.#image = image
        this.frame = frame
        this.paint()
        this.onShow(frame)
      } catch { /* the server is gone or the picture is broken: events say so, the next one may be well */ }
    }
    this.#isLoading = false
  }

  /** Draws all of it. */
  paint() {
    if (!this.frame || !this.#image) return
    const { width, height } = this.#image
    if (this.canvas.width !== width || this.canvas.height !== height) {
      [this.canvas.width, this.canvas.height] = [width, height]
      this.stage.style.setProperty("--ratio", width / height)
    }
    const context = this.canvas.getContext("2d")
    context.drawImage(this.#image, 0, 0)
    draw(context, this.#visible())
    this.canvas.dataset.seq = this.frame.seq
    this.paintMarks()
  }

  #visible() { return this.frame.objects.filter((object) => !this.isHidden(object.object_id)) }

  /** Draws what lies over picture and masks, as sharp as the screen is: names, parts, and what is being pointed at. */
  paintMarks() {
    const { clientWidth: width, clientHeight: height } = this.canvas, scale = devicePixelRatio
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)]
    if (this.marks.width !== across || this.marks.height !== down) [this.marks.width, this.marks.height] = [across, down]
    const context = this.marks.getContext("2d")
    context.setTransform(scale, 0, 0, scale, 0, 0)
    context.clearRect(0, 0, width, height)
    if (this.frame) {
      if (!this.isHidden(0)) for (const instance of this.frame.instances) if (instance.bbox) this.#part(context, instance, width, height)
      const tags = []
      for (const object of this.#visible()) if (object.area > 0) tags.push(this.#tag(context, object, width, height, tags))
    }
    this.onMarks(context, width, height)
  }

  /** An object's name at the top left corner of its mask, above the names that are there already. Gives its place. */
  #tag(context, { object_id: id, bbox: [x, y], size: [high, wide] }, width, height, others) {
    const text = this.name(id), [red, green, blue] = colour(id)
    context.font = "600 12px system-ui, sans-serif"
    const across = context.measureText(text).width + 10
    const left = Math.max(0, Math.min(x / wide * width, width - across))
    let top = Math.max(0, Math.min(y / high * height - 20, height - 18))
    const covers = (other) => left < other.left + other.across && other.left < left + across && Math.abs(other.top - top) < 18
    for (let free = top; free >= 0 && others.some(covers); free -= 1) top = free
    context.fillStyle = `rgb(${red} ${green} ${blue})`
    context.beginPath()
    context.roundRect(left, top, across, 18, 3)
    context.fill()
    // The eye's weights: dark letters on all colours of the palette that are light enough for them.
    context.fillStyle = 0.299 * red + 0.587 * green + 0.114 * blue > 110 ? "#000" : "#fff"
    context.textBaseline = "middle"
    context.fillText(text, left + 5, top + 9.5)
    return { left, top, across }
  }

  /** One of the things that sound, with `sounding.instances`. */
  #part(context, { instance_id: id, bbox: [x, y, wide, high], size }, width, height) {
    const across = width / size[1], down = height / size[0]
    context.strokeStyle = `rgb(${colour(0).join(" ")})`
    context.lineWidth = 1.5
    context.setLineDash([5, 4])
    context.strokeRect(x * across, y * down, wide * across, high * down)
    context.setLineDash([])
    context.font = "600 11px system-ui, sans-serif"
    context.textBaseline = "bottom"
    context.fillStyle = context.strokeStyle
    context.fillText(`♪ ${id}`, x * across + 3, (y + high) * down - 2)
  }
}
