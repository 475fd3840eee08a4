// The way to the daemon: the preview's web server, which passes requests on (docs/protocol.md).

export const token = new URLSearchParams(location.search).get("token") ?? ""

const address = (path, more = {}) => `${path}?${new URLSearchParams({ token, ...more })}`

/** What was not done, in the daemon's words and with its code. */
export class Refusal extends Error {
  constructor(message, code) {
    super(message)
    this.code = code
  }
}

/** Asks the daemon and gives its reply. Throws `Refusal`. */
export async function ask(request) {
  let response
  try {
    response = await fetch(address("request"), { method: "POST", body: JSON.stringify(request) })
  } catch {
    throw new Refusal("aurald preview has ended; start it again", "gone")
  }
  if (!response.ok) throw new Refusal((await response.text()).trim() || `the daemon did not answer in time (${response.status})`, "refused")
  const record = await response.json()
  if (record.type === "error") throw new Refusal(record.message, record.code)
  return record
}

/** The picture of a frame; null where it is kept no longer. */
export async function picture(seq) {
  const response = await fetch(address("picture", { seq }))
  return response.status === 200 ? createImageBitmap(await response.blob()) : null
}

/** What comes by itself: onRecord(record), onPicture(seq), onLink(isConnected, reason), onEnd(). Comes back by itself, too. */
export function listen({ onRecord, onPicture, onLink, onEnd }) {
  const events = new EventSource(address("events"))
  events.addEventListener("record", (event) => onRecord(JSON.parse(event.data)))
  events.addEventListener("picture", (event) => onPicture(Number(event.data)))
  events.addEventListener("link", (event) => {
    const { connected, reason } = JSON.parse(event.data)
    onLink(connected, reason)
  })
  events.onerror = onEnd
}
