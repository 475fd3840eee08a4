// Clicks, boxes and the keyboard on the picture. Tells in fractions of the picture: onPoint(x, y, isPositive), onBox([left, top, right, bottom]).

const dragged = 6 // CSS pixels: less is a click

export class Pointing {
  /** The cross of the keyboard, and the box that is being drawn, in fractions; null where there is none. */
  cross = null
  box = null
  /** Points that the daemon has not answered yet. */
  points = new Set()

  /** `takesAway()` says what a click without Shift does; `onKey(key)` gets the keys that are not for the cross and says whether it took one. */
  constructor(stage, { takesAway, onPoint, onBox, onMove, onChange, onKey }) {
    Object.assign(this, { stage, takesAway, onPoint, onBox, onMove, onChange, onKey })
    stage.addEventListener("pointerdown", (event) => this.#down(event))
    stage.addEventListener("pointermove", (event) => this.#move(event))
    stage.addEventListener("pointerup", (event) => this.#up(event))
    stage.addEventListener("pointercancel", () => this.#end())
    stage.addEventListener("keydown", (event) => this.#key(event))
    stage.addEventListener("focus", () => {
      if (!stage.matches(":focus-visible")) return
      this.cross ??= [0.5, 0.5]
      this.onChange()
    })
    stage.addEventListener("blur", () => { this.cross = null; this.#end() })
  }

  #place(event) {
    const area = this.stage.getBoundingClientRect()
    const within = (value) => Math.min(1, Math.max(0, value))
    return [within((event.clientX - area.left) / area.width), within((event.clientY - area.top) / area.height)]
  }

  #down(event) {
    if (event.button !== 0 || !event.isPrimary) return
    this.stage.setPointerCapture(event.pointerId)
    this.cross = null
    this.start = { place: this.#place(event), x: event.clientX, y: event.clientY }
    this.onChange()
  }

  #move(event) {
    if (!this.start) return
    // A hand is never quite still: a few pixels are no box yet.
    const isBox = Math.min(Math.abs(event.clientX - this.start.x), Math.abs(event.clientY - this.start.y)) >= dragged
    this.box = isBox || this.box ? this.#between(this.start.place, this.#place(event)) : null
    this.onChange()
  }

  #up(event) {
    if (!this.start) return
    const { x, y, place } = this.start, box = this.#between(place, this.#place(event))
    const across = Math.abs(event.clientX - x), down = Math.abs(event.clientY - y)
    this.#end()
    if (across >= dragged && down >= dragged) this.#tellBox(box)
    else if (across < dragged && down < dragged) this.onPoint(...place, event.shiftKey === this.takesAway())
  }

  #tellBox(box) {
    if (box[2] > box[0] && box[3] > box[1]) this.onBox(box)
  }

  #key(event) {
    if (event.altKey || event.metaKey) return
    const step = event.ctrlKey ? 0.1 : 0.02
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }
    if (moves[event.key]) {
      const [x, y] = this.cross ?? [0.5, 0.5], [dx, dy] = moves[event.key]
      this.cross = [Math.min(1, Math.max(0, x + dx)), Math.min(1, Math.max(0, y + dy))]
      if (this.corner) this.box = this.#between(this.corner, this.cross)
      this.onMove(...this.cross, Boolean(this.corner))
    } else if (event.ctrlKey) {
      return
    } else if (event.key === "Enter" || event.key === " ") {
      this.cross ??= [0.5, 0.5]
      if (this.corner) this.#close()
      else this.onPoint(...this.cross, event.shiftKey === this.takesAway())
    } else if (event.key.toLowerCase() === "b") {
      this.cross ??= [0.5, 0.5]
      if (this.corner) {
        this.#close()
      } else {
        this.corner = this.cross
        this.onMove(...this.cross, true)
      }
    } else if (event.key === "Escape") {
      this.#end()
    } else if (!this.onKey(event.key)) {
      return
    }
    event.preventDefault()
    this.onChange()
  }

  #close() {
    const box = this.#between(this.corner, this.cross)
    this.#end()
    this.#tellBox(box)
  }

  #between([x, y], [toX, toY]) {
    return [Math.min(x, toX), Math.min(y, toY), Math.max(x, toX), Math.max(y, toY)]
  }

  #end() {
    this.start = this.corner = this.box = null
    this.onChange()
  }

  /** Draws cross, box and points, dark around light, so that they are seen on any picture. */
  draw(context, width, height) {
    const shape = new Path2D()
    if (this.box) shape.rect(this.box[0] * width, this.box[1] * height, (this.box[2] - this.box[0]) * width, (this.box[3] - this.box[1]) * height)
    if (this.cross) {
      const [x, y] = [this.cross[0] * width, this.cross[1] * height]
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        shape.moveTo(x + 4 * dx, y + 4 * dy)
        shape.lineTo(x + 16 * dx, y + 16 * dy)
      }
    }
    for (const { x: across, y: down, isPositive } of this.points) {
      const [x, y] = [across * width, down * height]
      shape.moveTo(x + 9, y)
      shape.arc(x, y, 9, 0, 2 * Math.PI)
      shape.moveTo(x - 4, y)
      shape.lineTo(x + 4, y)
      if (!isPositive) continue
      shape.moveTo(x, y - 4)
      shape.lineTo(x, y + 4)
    }
    for (const [colour, thickness] of [["#000", 4], ["#fff", 2]]) {
      context.strokeStyle = colour
      context.lineWidth = thickness
      context.stroke(shape)
    }
  }
}
