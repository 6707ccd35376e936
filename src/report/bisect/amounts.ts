/** A probability for people, never more than is known: `99.4 %`, `99.99 %`, and no `100 %`. */
export function formatConfidence(probability: number): string {
  const percent = probability * 100
  if (percent > 99.99) return 'more than 99.99 %'
  const digits = percent >= 99.9 ? 2 : percent >= 10 ? 1 : 2
  const factor = 10 ** digits
  return `${Number((Math.floor(percent * factor) / factor).toFixed(digits))} %`
}

/** `once in 150`: how often something that sure is wrong. */
export function formatErrorRate(probability: number): string {
  const times = 1 / (1 - probability)
  if (!(times < 10_000)) return 'less than once in 10,000'
  const step = 10 ** Math.max(0, Math.floor(Math.log10(times)) - 1)
  return `once in ${formatCount(Math.floor(times / step) * step)}`
}

export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en')
}

/** `1 commit`, `1,624 commits` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${Math.round(count) === 1 ? one : many}`
}

/** `a, b and c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
}

/** `about 48 min`, `about 3 h 20 min`: as exact as an estimate is. */
export function roughTime(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return 'less than a minute'
  if (minutes < 60) return `about ${minutes} min`
  const step = minutes < 600 ? 5 : 30
  const rounded = Math.round(minutes / step) * step
  return `about ${Math.floor(rounded / 60)} h${rounded % 60 === 0 ? '' : ` ${rounded % 60} min`}`
}

/** `0:41`, `12:05`, `1:02:05`: of a steady form, for times that go on. */
export function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
