// The level, whether something is heard, and what the model hears.

const floor = -80 // dBFS; the meter's left end

export function showSound(audio) {
  const level = audio?.rms_dbfs ?? -Infinity
  const meter = document.getElementById("level")
  meter.value = Math.max(floor, level)
  meter.style.setProperty("--share", `${100 * (1 - meter.value / floor)}%`)
  document.getElementById("decibels").textContent = audio ? `${level.toFixed(1)} dBFS` : "no sound"
  const sounding = document.getElementById("sounding"), text = audio?.sounding ? "heard" : "nothing heard"
  sounding.dataset.on = Boolean(audio?.sounding)
  if (sounding.textContent !== text) sounding.textContent = text
}

// From silence to loud: dark to light, so that it can be read without colours too.
const steps = [[0, 12, 10, 30], [60, 68, 24, 110], [110, 170, 50, 110], [155, 235, 110, 60], [200, 255, 225, 130], [255, 255, 255, 235]]
const ramp = new Uint8ClampedArray(256 * 4)
for (let value = 0; value < 256; value += 1) {
  const upper = Math.max(1, steps.findIndex(([at]) => at >= value)), [from, to] = [steps[upper - 1], steps[upper]]
  const share = (value - from[0]) / (to[0] - from[0])
  ramp.set([1, 2, 3].map((part) => from[part] + share * (to[part] - from[part])), 4 * value)
  ramp[4 * value + 3] = 255
}

export function showSpectrogram({ columns, bands, data }) {
  const canvas = document.getElementById("spectrogram"), bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
  document.getElementById("hearing").hidden = false
  if (canvas.width !== columns || canvas.height !== bands) [canvas.width, canvas.height] = [columns, bands]
  const image = new ImageData(columns, bands)
  for (let column = 0; column < columns; column += 1) {
    for (let band = 0; band < bands; band += 1) {
      const value = 4 * (bytes[column * bands + band] ?? 0)
      image.data.set(ramp.subarray(value, value + 4), 4 * ((bands - 1 - band) * columns + column))
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0)
}

/** There is nothing to be heard: the daemon is away. */
export function clearSound() {
  showSound(undefined)
  document.getElementById("decibels").textContent = "–"
  document.getElementById("hearing").hidden = true
}
