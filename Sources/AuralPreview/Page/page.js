// The page: a client of the daemon's protocol (docs/protocol.md) through the preview's web server.
import { colour, draw } from "./masks.js"
import { Pointing } from "./pointing.js"

const token = new URLSearchParams(location.search).get("token") ?? ""
const address = (path, more = {}) => `${path}?${new URLSearchParams({ token, ...more })}`
const $ = (id) => document.getElementById(id)
const canvas = $("picture"), context = canvas.getContext("2d", { willReadFrequently: true })
const names = new Map(Object.entries(JSON.parse(localStorage.getItem("names") ?? "{}")))
const hidden = new Set()

let shown = null      // { frame, image } that is on the screen
let waiting = null    // the newest frame while a picture is on its way
let isLoading = false
let chosen = null     // the object that clicks are for; null: a new one
let objects = []      // of the newest frame
let times = []        // when frames came
const sources = new Map()

function say(text, isBad = false) {
  $("hint").textContent = text
  $("hint").dataset.bad = isBad
}

/** Asks the daemon; resolves to its reply, or null after telling what it says against it. */
async function ask(request) {
  try {
    const response = await fetch(address("request"), { method: "POST", body: JSON.stringify(request) })
    if (!response.ok) throw new Error(await response.text())
    const record = await response.json()
    if (record.type === "error") throw new Error(record.message)
    return record
  } catch (error) {
    say(error.message, true)
    return null
  }
}

// Pictures: each frame's own, never an older frame's masks over a newer picture.

function take(frame) {
  times = [...times, performance.now()].slice(-30)
  objects = frame.objects
  waiting = frame
  load()
  listObjects()
  showSound(frame.audio)
  const rate = times.length > 1 ? (1000 * (times.length - 1)) / (times[times.length - 1] - times[0]) : 0
  $("figures").textContent = `${rate.toFixed(1)} frames/s · ${frame.latency_ms.toFixed(0)} ms`
}

async function load() {
  if (isLoading || !waiting) return
  const frame = waiting
  waiting = null
  isLoading = true
  try {
    // The picture follows its frame: it may take a moment.
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const response = await fetch(address("picture", { seq: frame.seq }))
      if (response.ok) {
        shown = { frame, image: await createImageBitmap(await response.blob()) }
        paint()
        break
      }
      if (waiting) break
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  } catch { /* the server is gone; its events say so */ }
  isLoading = false
  load()
}

function paint() {
  if (!shown) return
  const { image, frame } = shown
  if (canvas.width !== image.width || canvas.height !== image.height) [canvas.width, canvas.height] = [image.width, image.height]
  context.drawImage(image, 0, 0)
  draw(context, frame.objects.filter((object) => !hidden.has(object.object_id)))
  pointing.draw(context)
  canvas.dataset.seq = frame.seq
}

// Pointing.

const pointing = new Pointing(canvas, {
  onChange: paint,
  onPoint: (x, y, isPositive) => prompt({ verb: "add_points", points: [[x, y]], labels: [isPositive ? 1 : 0], clear_old: false }),
  onBox: (box) => prompt({ verb: "add_box", box }),
})

async function prompt(request) {
  const id = chosen ?? nextNumber()
  if (!objects.some((object) => object.object_id === id) && request.labels?.[0] === 0) return say("Point at the object first.", true)
  say("…")
  const reply = await ask({ ...request, object_id: id })
  if (!reply) return
  chosen = id
  say(`${name(id)}: ${reply.object ? `${reply.object.area} pixels` : "done"} on frame ${reply.seq}`)
}

const nextNumber = () => { for (let id = 1; ; id += 1) if (!objects.some((object) => object.object_id === id)) return id }
const name = (id) => names.get(String(id)) ?? (id === 0 ? "what sounds" : `object ${id}`)

// The list of objects.

function listObjects() {
  const list = $("objects"), known = new Map([...list.children].map((item) => [Number(item.dataset.id), item]))
  for (const object of objects) {
    const item = known.get(object.object_id) ?? list.appendChild(makeItem(object.object_id))
    known.delete(object.object_id)
    item.querySelector(".score").textContent = object.area ? object.score.toFixed(2) : "–"
    item.querySelector("[type=radio]").checked = chosen === object.object_id
  }
  for (const item of known.values()) item.remove()
}

function makeItem(id) {
  const item = document.createElement("li")
  item.dataset.id = id
  const make = (tag, properties) => item.appendChild(Object.assign(document.createElement(tag), properties))
  const radio = make("input", { type: "radio", name: "chosen", title: "clicks are for this object" })
  radio.setAttribute("aria-label", `clicks are for ${name(id)}`)
  radio.addEventListener("change", () => { chosen = id; say(`Clicks are for ${name(id)}.`) })
  make("span", { className: "swatch" }).style.background = `rgb(${colour(id)})`
  const field = make("input", { type: "text", value: name(id), maxLength: 40 })
  field.setAttribute("aria-label", `name of object ${id}`)
  field.addEventListener("change", () => {
    names.set(String(id), field.value)
    localStorage.setItem("names", JSON.stringify(Object.fromEntries(names)))
  })
  make("span", { className: "score" })
  const eye = make("button", { type: "button", textContent: "hide" })
  eye.addEventListener("click", () => {
    if (!hidden.delete(id)) hidden.add(id)
    eye.textContent = hidden.has(id) ? "show" : "hide"
    paint()
  })
  make("button", { type: "button", textContent: "remove" }).addEventListener("click", async () => {
    if (await ask({ verb: "remove_object", object_id: id })) say(`${name(id)} is forgotten.`)
    if (chosen === id) chosen = null
  })
  return item
}

$("new").addEventListener("click", () => { chosen = null; listObjects(); say("Click the new object.") })
$("reset").addEventListener("click", async () => { if (await ask({ verb: "reset" })) { chosen = null; say("All objects are forgotten.") } })
$("expression").addEventListener("submit", async (event) => {
  event.preventDefault()
  const words = $("say").value.trim()
  if (await ask({ verb: "set_expression", expression: words || null })) say(words ? `Meant is: ${words}` : "No words any more.")
})

// Sound.

function showSound(audio) {
  const level = audio?.rms_dbfs ?? -120
  $("level").value = Math.max(-80, level)
  $("decibels").textContent = audio ? `${level.toFixed(1)} dBFS` : "no sound"
  $("sounding").textContent = audio?.sounding ? "heard" : "silent"
  $("sounding").dataset.on = Boolean(audio?.sounding)
}

function showSpectrogram({ columns, bands, data }) {
  const view = $("spectrogram"), bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
  if (view.width !== columns || view.height !== bands) [view.width, view.height] = [columns, bands]
  const image = view.getContext("2d").createImageData(columns, bands)
  for (let column = 0; column < columns; column += 1) {
    for (let band = 0; band < bands; band += 1) {
      const value = bytes[column * bands + band], at = 4 * ((bands - 1 - band) * columns + column)
      image.data.set([Math.min(255, value * 1.6), Math.max(0, (value - 80) * 1.6), Math.max(0, 160 - Math.abs(value - 60) * 2), 255], at)
    }
  }
  view.getContext("2d").putImageData(image, 0, 0)
}

// Sources and model.

function showSources() {
  $("sources").replaceChildren(...[...sources.values()].map(({ source, kind, state, mode, detail }) => {
    const item = document.createElement("li")
    item.dataset.well = state === "streaming" || state === "ended"
    item.textContent = `${kind === "audio" ? "♪" : "▣"} ${source}: ${state}${mode ?? detail ? `, ${mode ?? detail}` : ""}`
    return item
  }))
}

async function showModel() {
  const reply = await ask({ verb: "status" })
  if (!reply) return
  $("model").textContent = `${reply.status.model}${reply.status.hears ? ", hears" : ", does not hear"} · ${reply.status.engine}`
  $("words").hidden = !reply.status.hears
}

// Events.

const recordTakers = {
  frame: take,
  spectrogram: showSpectrogram,
  source: (record) => { sources.set(`${record.kind} ${record.source}`, record); showSources() },
  hello: () => { sources.clear(); showSources(); showModel() },
  error: (record) => say(record.message, true),
}

const events = new EventSource(address("events"))
events.addEventListener("record", (event) => {
  const record = JSON.parse(event.data)
  recordTakers[record.type]?.(record)
})
events.addEventListener("link", (event) => {
  const { connected, reason } = JSON.parse(event.data)
  $("link").dataset.state = connected ? "here" : "away"
  $("link").textContent = connected ? "connected" : `aurald is away, trying again (${reason})`
  if (connected) showModel()
})
events.onerror = () => {
  $("link").dataset.state = "away"
  $("link").textContent = token ? "the preview has ended; start aurald preview again" : "open the address that aurald preview prints"
}
