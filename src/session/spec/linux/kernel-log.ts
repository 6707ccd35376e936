/** From the gravest to the least (syslog(2)). */
const levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const

export type LogLevel = (typeof levels)[number]

/** A message of the kernel's log, or what a program wrote there. */
export interface KernelMessage {
  readonly level: LogLevel
  /** Who wrote it, as a number of syslog's; 0 is the kernel. */
  readonly facility: number
  /** Since the kernel was started; `undefined` where the log has no times. */
  readonly seconds: number | undefined
  readonly text: string
}

export function isAtLeast(level: LogLevel, limit: LogLevel): boolean {
  return levels.indexOf(level) <= levels.indexOf(limit)
}

/** Reads `dmesg -r`: `<6>[    1.234567] text`, with `[  T123]` behind the time where the kernel was built so. */
export function parseKernelLog(text: string): readonly KernelMessage[] {
  const messages: KernelMessage[] = []
  for (const line of text.split('\n')) {
    const [, priority, seconds, message] =
      /^<(\d{1,3})>(?:\[ *(\d+\.\d+)\](?:\[ *[CT]\d+\])? ?)?(.*)$/.exec(line) ?? []
    if (priority !== undefined) {
      messages.push({
        level: levels[Number(priority) & 7] ?? 'debug',
        facility: Number(priority) >> 3,
        seconds: seconds === undefined ? undefined : Number(seconds),
        text: message ?? '',
      })
      continue
    }
    // A message of several lines.
    const last = messages.pop()
    if (last !== undefined) messages.push(line === '' ? last : { ...last, text: `${last.text}\n${line}` })
  }
  return messages
}
