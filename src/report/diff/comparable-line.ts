/** A line as it is compared. */
export interface ComparableLine {
  /** Without what differs from boot to boot: times, rates, addresses. Equal keys are the same line. */
  readonly key: string
  /** The key without numbers: equal shapes are the same message of something else, or with other values. */
  readonly shape: string
  /** It says which build it is, or how that was started: it always differs, and is told apart. */
  readonly isIdentity: boolean
}

/** How lines begin by which a kernel or a bootloader names itself; the rest of them is not compared. */
const identities: readonly RegExp[] = [
  /^Linux version /,
  /^(?:Kernel )?[Cc]ommand line: /,
  /^(?:U-Boot|barebox|U-Boot SPL|U-Boot TPL) \d{4}\.\d\d/,
  /^Booting Linux on physical CPU /,
]

/** All bounded, and none can match at one place in two ways. */
const differing: readonly (readonly [RegExp, string])[] = [
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, 'MAC'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, 'UUID'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z| UTC)?/g, 'DATE'],
  [/\b(?:[A-Z][a-z]{2} ){0,1}[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?: [A-Z]{3,4})?(?: \d{4})?\b/g, 'DATE'],
  [/\b[A-Z][a-z]{2} \d{1,2} \d{4} - \d\d:\d\d:\d\d [+-]\d{4}/g, 'DATE'],
  [/\b0x[0-9a-f]{1,16}\b/gi, 'ADDR'],
  [/\b(?=[a-f]{0,16}\d)[0-9a-f]{8,64}\b/gi, 'ADDR'],
  [/\bhil\.payload=\S{1,80}/g, 'PAYLOAD'],
  [/\b\d{1,12}(?:\.\d{1,9})? ?(?:ns|us|ms|s|usecs?|msecs?|nsecs?|sec|seconds|minutes)\b/g, 'TIME'],
  [/\b\d{1,12}(?:\.\d{1,9})? ?(?:[KMG]i?B\/s|bytes\/s|BogoMIPS|MB\/s)/g, 'RATE'],
  [/\baudit\(\d{1,12}\.\d{3}:/g, 'TIME'],
  [/\blpj=\d{1,12}/g, 'RATE'],
  // What a fetch draws while it goes on.
  [/(?:#[# \t]{0,256}){4,256}/g, 'PROGRESS'],
]

/** What a line is compared by. */
export function comparable(text: string): ComparableLine {
  const identity = identities.find((start) => start.test(text))?.exec(text)?.[0]
  if (identity !== undefined) return { key: identity, shape: identity, isIdentity: true }
  const key = differing
    .reduce((line, [pattern, name]) => line.replaceAll(pattern, name), text.slice(0, 1000))
    .replaceAll(/\s{1,100}/g, ' ')
    .trim()
  return { key, shape: key.replaceAll(/\d{1,100}/g, '0'), isIdentity: false }
}
