// Clicks, boxes and the keyboard on the picture. Tells in fractions of the picture: onPoint(x, y, isPositive), onBox([left, top, right, bottom]).

const dragged = 0.02

export class Pointing {
  /** The cross of the keyboard, and the box that is being drawn, in fractions; null where there is none. */
  cross = null
  box = null

  constructor(canvas, { onPoint, onBox, onChange }) {
    Object.assign(this, { canvas, onPoint, onBox, onChange })
    canvas.addEventListener("pointerdown", (event) => this.#down(event))
    canvas.addEventListener("pointermove", (event) => this.#move(event))
    canvas.addEventListener("pointerup", (event) => this.#up(event))
    canvas.addEventListener("pointercancel", () => this.#end())
    canvas.addEventListener("keydown", (event) => this.#key(event))
    canvas.addEventListener("blur", () => { this.cross = null; this.#end() })
  }

  #place(event) {
    const area = this.canvas.getBoundingClientRect()
    const within = (value) => Math.min(1, Math.max(0, value))
    return [within((event.clientX - area.left) / area.width), within((event.clientY - area.top) / area.height)]
  }

  #down(event) {
    if (event.button !== 0) return
    this.canvas.setPointerCapture(event.pointerId)
    this.start = this.#place(event)
  }

  #move(event) {
    if (!this.start) return
    this.box = this.#between(this.start, this.#place(event))
    this.onChange()
  }

  #up(event) {
    if (!this.start) return
    const box = this.#between(this.start, this.#place(event)), [x, y] = this.start
    this.#end()
    if (box[2] - box[0] > dragged && box[3] - box[1] > dragged) this.onBox(box)
    else this.onPoint(x, y, !event.shiftKey)
  }

  #key(event) {
    const step = event.ctrlKey ? 0.1 : 0.02
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }
    if (moves[event.key]) {
      const [x, y] = this.cross ?? [0.5, 0.5], [dx, dy] = moves[event.key]
      this.cross = [Math.min(1, Math.max(0, x + dx)), Math.min(1, Math.max(0, y + dy))]
      if (this.corner) this.box = this.#between(this.corner, this.cross)
    } else if (event.key === "Enter" && this.cross) {
      this.onPoint(...this.cross, !event.shiftKey)
    } else if (event.key.toLowerCase() === "b" && this.cross) {
      if (this.corner) {
        const box = this.#between(this.corner, this.cross)
        this.#end()
        if (box[2] > box[0] && box[3] > box[1]) this.onBox(box)
      } else {
        this.corner = this.cross
      }
    } else if (event.key === "Escape") {
      this.cross = null
      this.#end()
    } else {
      return
    }
    event.preventDefault()
    this.onChange()
  }

  #between([x, y], [toX, toY]) {
    return [Math.min(x, toX), Math.min(y, toY), Math.max(x, toX), Math.max(y, toY)]
  }

  #end() {
    this.start = this.corner = this.box = null
    this.onChange()
  }

  /** Draws the cross and the box over the picture. */
  draw(context) {
    const { width, height } = context.canvas
    const line = (colour, thickness) => {
      context.strokeStyle = colour
      context.lineWidth = thickness
      context.beginPath()
      if (this.box) context.rect(this.box[0] * width, this.box[1] * height, (this.box[2] - this.box[0]) * width, (this.box[3] - this.box[1]) * height)
      if (this.cross) {
        const [x, y] = [this.cross[0] * width, this.cross[1] * height]
        context.moveTo(x - 12, y); context.lineTo(x + 12, y); context.moveTo(x, y - 12); context.lineTo(x, y + 12)
      }
      context.stroke()
    }
    if (!this.box && !this.cross) return
    line("#000", 4)
    line("#fff", 2)
  }
}
