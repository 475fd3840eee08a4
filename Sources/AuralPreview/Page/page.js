// The page: a client of the daemon's protocol (docs/protocol.md) through the preview's web server.
import { Refusal, ask, listen, token } from "./daemon.js"
import { Objects } from "./objects.js"
import { Pointing } from "./pointing.js"
import { clearSound, showSound, showSpectrogram } from "./sound.js"
import { View } from "./view.js"

const $ = (id) => document.getElementById(id)
const percent = (share) => `${Math.round(100 * share)} %`

function say(text, isBad = false) {
  $("hint").textContent = isBad ? `Not done: ${text}` : text
  $("hint").dataset.bad = isBad
}

/** Says what was not done and why; gives null then. */
async function attempt(work) {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    say(error.message, true)
    return null
  }
}

// Objects and pointing.

const objects = new Objects({
  list: $("objects"), fresh: $("new"), freshSwatch: $("new-swatch"),
  onChange: () => view.paint(),
  onChoose: (id) => say(id === null ? "Click the new object." : `Clicks correct ${objects.name(id)}.`),
  onRemove: (id) => attempt(async () => {
    const name = objects.name(id)
    await ask({ verb: "remove_object", object_id: id })
    forget([id])
    say(`${name} is forgotten.`)
  }),
})

/** What was removed is gone from the picture at once, also where no further one comes. The sounding object, 0, begins anew. */
function forget(ids) {
  objects.forget(ids)
  for (const id of ids) view.correct(null, id, null)
}

const pointing = new Pointing($("stage"), {
  takesAway: () => $("takes").checked,
  onChange: () => view.paintMarks(),
  onMove: (x, y, isBox) => say(`${isBox ? "Box to" : "Cross at"} ${percent(x)} from the left, ${percent(y)} from the top.`),
  onPoint: (x, y, isPositive) => {
    const point = { x, y, isPositive }
    return prompt({ verb: "add_points", points: [[x, y]], labels: [isPositive ? 1 : 0], clear_old: false }, point)
  },
  onBox: (box) => prompt({ verb: "add_box", box }),
  onKey: (key) => {
    if (key.toLowerCase() === "n") objects.choose(null)
    else if (/^[0-9]$/.test(key) && objects.has(Number(key))) objects.choose(Number(key))
    else if (/^[0-9]$/.test(key)) say(`there is no object ${key}`, true)
    else return false
    return true
  },
})

const view = new View($("stage"), {
  isHidden: objects.isHidden, name: objects.name,
  onMarks: (context, width, height) => pointing.draw(context, width, height),
  onShow: (frame) => { $("frame").textContent = frame.seq; $("notice").hidden = true },
})

/** Points at the frame that is seen, where it is the last one still; else at the next. */
async function promptFrame(request) {
  if (!view.frame) return ask(request)
  try {
    return await ask({ ...request, seq: view.frame.seq })
  } catch (error) {
    if (error.code !== "frame_expired") throw error
    return ask(request)
  }
}

async function prompt(request, point = null) {
  const id = objects.target, isNew = !objects.has(id)
  if (isNew && request.labels?.[0] === 0) return say("there is nothing to take away from yet; click the object first", true)
  if (isNew) objects.begin(id)
  say(`${objects.name(id)} …`)
  if (point) pointing.points.add(point)
  view.paintMarks()
  const reply = await attempt(() => promptFrame({ ...request, object_id: id }))
  pointing.points.delete(point)
  view.paintMarks()
  if (!reply) return
  objects.choose(id, reply.seq)
  if (reply.object) view.correct(reply.seq, id, reply.object)
  if (view.frame?.seq === reply.seq) objects.show(view.frame.objects, reply.seq)
  say(`${objects.name(id)}: ${reply.object?.area ? `${reply.object.area} pixels` : "nothing found"} on frame ${reply.seq}.`)
}

$("reset").addEventListener("click", () => attempt(async () => {
  await ask({ verb: "reset" })
  forget([...$("objects").children].map((item) => Number(item.dataset.id)))
  objects.choose(null)
  say("All objects are forgotten.")
}))

$("expression").addEventListener("submit", (event) => {
  event.preventDefault()
  attempt(async () => {
    const words = $("say").value.trim()
    await ask({ verb: "set_expression", expression: words || null })
    say(words ? `Meant is: ${words}` : "No words any more.")
  })
})

// Figures.

const patience = 2000 // milliseconds without a frame until that is told
let times = []
let dropped = 0

function count(frame) {
  const now = performance.now()
  // What was before a pause says nothing of how fast they come now.
  times = [...times.filter(() => now - times[times.length - 1] < patience), now].slice(-30)
  const rate = times.length > 1 ? 1000 * (times.length - 1) / (times[times.length - 1] - times[0]) : 0
  $("rate").textContent = rate ? `${rate.toFixed(1)}/s` : "–"
  $("latency").textContent = `${frame.latency_ms.toFixed(0)} ms`
}

setInterval(() => {
  const age = times.length ? performance.now() - times[times.length - 1] : 0
  if (age < patience) return
  $("rate").textContent = `none for ${Math.round(age / 1000)} s`
  $("latency").textContent = "–"
}, 500)

// Sources and model.

const sources = new Map()

function showSources() {
  $("sources").replaceChildren(...[...sources.values()].map(({ source, kind, state, mode, detail }) => {
    const item = document.createElement("li"), about = detail ?? mode
    item.dataset.well = state === "streaming" || state === "ended"
    const name = document.createElement("span")
    name.textContent = source.split("/").pop()
    name.title = source
    item.append(kind === "audio" ? "sound: " : "picture: ", name, ` – ${state}${about ? `, ${about}` : ""}`)
    return item
  }))
}

async function showModel() {
  const reply = await attempt(() => ask({ verb: "status" }))
  if (!reply) return
  const { model, hears, takes_words: takesWords, engine } = reply.status
  $("model").textContent = `${model}, ${hears ? "hears" : "does not hear"} · ${engine}`
  $("words").hidden = !(takesWords ?? hears)
}

// Events.

const takers = {
  frame: (frame) => {
    view.take(frame)
    objects.show(frame.objects, frame.seq)
    showSound(frame.audio)
    count(frame)
  },
  instance: (instance) => view.takeInstance(instance),
  spectrogram: showSpectrogram,
  source: (record) => { sources.set(`${record.kind} ${record.source}`, record); showSources() },
  hello: () => { sources.clear(); showSources() },
  dropped: ({ n }) => {
    dropped += n
    $("dropped").textContent = dropped
    $("dropped-figure").hidden = false
  },
  error: (record) => say(record.message, true),
}

function link(isHere, text) {
  $("link").dataset.state = $("stage").dataset.state = isHere ? "here" : "away"
  if ($("link").textContent !== text) $("link").textContent = text
  document.title = isHere ? "aurald" : "aurald – away"
  if (isHere) return
  sources.clear()
  showSources()
  objects.show([], Infinity)
  view.forget()
  clearSound()
  times = []
  for (const id of ["rate", "latency", "frame", "model"]) $(id).textContent = id === "model" ? "" : "–"
  $("notice").textContent = "aurald is away"
  $("notice").hidden = false
}

listen({
  onRecord: (record) => takers[record.type]?.(record),
  onPicture: (seq) => view.offer(seq),
  onLink: (isConnected, reason) => {
    link(isConnected, isConnected ? "connected" : `aurald is away, trying again: ${reason}`)
    if (!isConnected) return
    $("notice").textContent = "waiting for a picture…"
    showModel()
  },
  onEnd: () => link(false, token ? "the preview has ended; start aurald preview again" : "open the address that aurald preview prints"),
})
