/** A unit of systemd's, as `systemctl show` has it. */
export interface Unit {
  readonly name: string
  readonly description: string
  /** `loaded`, `not-found`, `masked`, ... */
  readonly load: string
  /** `active`, `inactive`, `failed`, `activating`, ... */
  readonly active: string
  /** `running`, `exited`, `dead`, ...: depends on what kind of unit it is. */
  readonly sub: string
  /** Why it ended: `success`, `exit-code`, `signal`, `timeout`, ... */
  readonly result: string
  /** Of its main process; for services. */
  readonly exitCode: number | undefined
  /** Of its main process, while that runs. */
  readonly pid: number | undefined
  /** How often systemd has started it again by itself. */
  readonly restarts: number
}

/** Reads lines such as `ActiveState=active`. */
export function parseUnit(text: string): Unit {
  const properties = new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=')
      return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()] as const]
    }),
  )
  const value = (name: string) => properties.get(name) ?? ''
  const number = (name: string) => (properties.has(name) ? Number(value(name)) : undefined)
  return {
    name: value('Id'),
    description: value('Description'),
    load: value('LoadState'),
    active: value('ActiveState'),
    sub: value('SubState'),
    result: value('Result'),
    exitCode: number('ExecMainStatus'),
    pid: number('MainPID') || undefined,
    restarts: number('NRestarts') ?? 0,
  }
}
