/** What `--reporter` takes: first those for people, then those that want a file or stdout for themselves. */
export const reporterNames = [
  ...(['spec', 'dot', 'github'] as const),
  ...(['json', 'junit', 'summary', 'html', 'kcidb', 'asciicast'] as const),
] as const
export type ReporterName = (typeof reporterNames)[number]

/** Those that can share stdout. */
export const sociableReporters: readonly ReporterName[] = ['spec', 'dot', 'github']
