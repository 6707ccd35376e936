import { constants } from 'node:os'

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
  /** Of its main process, once that has ended by itself; for services. */
  readonly exitCode: number | undefined
  /** What its main process was killed by: `SIGSEGV`; for services. */
  readonly signal: string | undefined
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
    ...endOf(number('ExecMainCode'), number('ExecMainStatus')),
    pid: number('MainPID') || undefined,
    restarts: number('NRestarts') ?? 0,
  }
}

/**
 * systemd puts the status and the signal of a process in one number, which is also 0 for one that has not ended.
 * @param code as waitid(2) has it: 1 for CLD_EXITED, 2 for CLD_KILLED, 3 for CLD_DUMPED (seen on systemd 252)
 */
function endOf(code: number | undefined, status: number | undefined): Pick<Unit, 'exitCode' | 'signal'> {
  const isKilled = code === 2 || code === 3
  return {
    exitCode: code === 1 ? status : undefined,
    signal: isKilled
      ? Object.entries(constants.signals).find(([, number]) => number === status)?.[0]
      : undefined,
  }
}
