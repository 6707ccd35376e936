/** What `--reporter` takes. */
export const reporterNames = ['spec', 'dot', 'json', 'junit', 'github'] as const
export type ReporterName = (typeof reporterNames)[number]
