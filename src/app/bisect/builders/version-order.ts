/**
 * Compares versions as dpkg does: `[epoch:]upstream[-revision]`, where `~` comes before everything, even the end.
 * Source: deb-version(7).
 */
export function compareDebianVersions(a: string, b: string): number {
  const [left, right] = [splitVersion(a), splitVersion(b)]
  return (
    left.epoch - right.epoch ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  )
}

/** Compares names as people count: `v6.9` before `v6.10`, and a release candidate before its release. */
export function compareNames(a: string, b: string): number {
  const early = (name: string) => name.replaceAll(/[-_.](?=(?:rc|alpha|beta|pre)\d*)/gi, '~')
  return comparePart(early(a), early(b)) || (a < b ? -1 : Number(a > b))
}

function splitVersion(version: string) {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version) ?? []
  const dash = rest.lastIndexOf('-')
  return {
    epoch: Number(epoch),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  }
}

/** Text and numbers take turns, text first. */
function comparePart(a: string, b: string): number {
  const [left, right] = [tokens(a), tokens(b)]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [x = '', y = ''] = [left[index], right[index]]
    const order = index % 2 === 0 ? compareText(x, y) : compareNumbers(x, y)
    if (order !== 0) return order
  }
  return 0
}

function tokens(text: string): readonly string[] {
  return [...text.matchAll(/(\D*)(\d*)/g)].flatMap(([, word = '', number = '']) => [word, number])
}

/** Digits of any length: dates are longer than what a number holds exactly. */
function compareNumbers(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  return x.length - y.length || (x < y ? -1 : Number(x > y))
}

function compareText(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = weight(a[index]) - weight(b[index])
    if (order !== 0) return order
  }
  return 0
}

/** `~`, then the end, then letters, then all else. */
function weight(sign: string | undefined): number {
  if (sign === undefined) return 0
  if (sign === '~') return -1
  const code = sign.codePointAt(0) ?? 0
  return /[A-Za-z]/.test(sign) ? code : code + 0x110000
}
