// The list of objects: whose turn it is, names, what is hidden. Names and what is hidden are this browser's own; all else is the daemon's.
import { colour } from "./masks.js"

const stored = () => {
  try {
    return Object.entries(JSON.parse(localStorage.getItem("names") ?? "{}")).filter(([, name]) => typeof name === "string")
  } catch {
    return [] // nothing may be kept here, or something else wrote it
  }
}

export class Objects {
  #names = new Map(stored())
  #hidden = new Set()
  #objects = []
  /** The object that clicks are for, and since which frame; null: a new one. */
  #chosen = null
  #since = 0

  constructor({ list, fresh, freshSwatch, onRemove, onChange, onChoose }) {
    Object.assign(this, { list, fresh, freshSwatch, onRemove, onChange, onChoose })
    fresh.addEventListener("change", () => this.choose(null))
    this.show([], 0)
  }

  /** The object that clicks are for: that one, or the next that is free. */
  get target() { return this.#chosen ?? this.#free() }

  /** Whether the daemon follows it. */
  has(id) { return this.#objects.some((object) => object.object_id === id) }

  isHidden = (id) => this.#hidden.has(id)

  name = (id) => this.#names.get(String(id)) ?? (id === 0 ? "what sounds" : `object ${id}`)

  /** Clicks are for an object from now on; null is a new one. `seq` is the frame of which it is known. */
  choose(id, seq = 0) {
    this.#chosen = id
    this.#since = seq
    this.#refresh()
    this.onChoose(id)
  }

  /** What an object of that number was called before is none of the new one's business. */
  begin(id) {
    this.#hidden.delete(id)
    if (this.#names.delete(String(id))) this.#store()
  }

  /** The objects of a frame. */
  show(objects, seq) {
    this.#objects = objects
    // A reply may be faster than its frame.
    if (this.#chosen !== null && seq > this.#since && !this.has(this.#chosen)) this.#chosen = null
    const known = new Map([...this.list.children].map((item) => [Number(item.dataset.id), item]))
    let last = null
    for (const object of objects) {
      const item = known.get(object.object_id) ?? this.#make(object.object_id)
      known.delete(object.object_id)
      if (last ? last.nextSibling !== item : this.list.firstChild !== item) this.list.insertBefore(item, last ? last.nextSibling : this.list.firstChild)
      last = item
      const score = item.querySelector(".score"), text = object.area ? object.score.toFixed(2) : "–"
      if (score.textContent !== text) score.textContent = text
    }
    for (const item of known.values()) this.#drop(item)
    this.#refresh()
  }

  /** Those numbers are free again, or, for 0, begin anew. */
  forget(ids) {
    for (const id of ids) if (id !== 0) this.begin(id)
    if (ids.includes(this.#chosen)) this.#chosen = null
    this.show(this.#objects.filter((object) => !ids.includes(object.object_id)), 0)
  }

  #free() {
    for (let id = 1; ; id += 1) if (!this.has(id)) return id
  }

  #refresh() {
    for (const item of this.list.children) item.querySelector("[type=radio]").checked = Number(item.dataset.id) === this.#chosen
    if (this.#chosen === null) this.fresh.checked = true
    this.freshSwatch.style.background = `rgb(${colour(this.#free()).join(" ")})`
  }

  #drop(item) {
    // Who is at the keyboard is not sent back to the top of the page.
    const isFocused = item.contains(document.activeElement), next = item.nextElementSibling ?? item.previousElementSibling
    item.remove()
    if (isFocused) (next?.querySelector("[type=radio]") ?? this.fresh).focus()
  }

  #store() {
    try {
      localStorage.setItem("names", JSON.stringify(Object.fromEntries(this.#names)))
    } catch { /* then they hold until the page is left */ }
  }

  #make(id) {
    const item = document.createElement("li")
    item.dataset.id = id
    const make = (tag, properties) => item.appendChild(Object.assign(document.createElement(tag), properties))
    const radio = make("input", { type: "radio", name: "chosen", title: "clicks correct this object" })
    radio.addEventListener("change", () => this.choose(id))
    make("span", { className: "swatch" }).style.background = `rgb(${colour(id).join(" ")})`
    const field = make("input", { type: "text", value: this.name(id), maxLength: 40, title: "rename", autocomplete: "off", spellcheck: false })
    make("span", { className: "score", title: "the probability that it is in the picture" })
    const eye = make("button", { type: "button" }), remove = make("button", { type: "button", textContent: "remove" })
    const label = () => {
      field.value = this.name(id)
      radio.setAttribute("aria-label", `correct ${this.name(id)}`)
      field.setAttribute("aria-label", `name of object ${id}`)
      eye.textContent = this.#hidden.has(id) ? "show" : "hide"
      eye.setAttribute("aria-label", `${eye.textContent} ${this.name(id)}`)
      remove.setAttribute("aria-label", `remove ${this.name(id)}`)
      item.dataset.hidden = this.#hidden.has(id)
    }
    field.addEventListener("change", () => {
      const name = field.value.trim()
      if (name) this.#names.set(String(id), name)
      else this.#names.delete(String(id))
      this.#store()
      label()
      this.onChange()
    })
    eye.addEventListener("click", () => {
      if (!this.#hidden.delete(id)) this.#hidden.add(id)
      label()
      this.onChange()
    })
    remove.addEventListener("click", () => this.onRemove(id))
    label()
    return item
  }
}
