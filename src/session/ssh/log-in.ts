import { setTimeout as wait } from 'node:timers/promises'
import type { Shell } from '../../board/shell.ts'
import type { NetworkAddress, SshDriver, SshSession } from '../../board/ssh.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { formatDuration } from '../../core/duration.ts'
import { HilError, messageOf } from '../../core/errors.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'
import { readAddresses, readBootId, readHostKeys } from './ask-board.ts'

/** Runs something in the shell of the console, in turn with all that uses it. */
export type AskShell = <T>(ask: (shell: Shell) => Promise<T>) => Promise<T>

/** Time for address, login and proof after the shell was reached: services may still be starting. In milliseconds. */
const loginMs = 60_000
/** One that does not answer must not keep us from trying the next. */
const attemptMs = 10_000
/** Nothing tells us when a board gets its address and its SSH server begins to listen. */
const betweenAttemptsMs = 500

/**
 * Logs in to a board over the network, and makes sure that it is the one on the console.
 * @throws HilError `ssh.unreachable`, `ssh.wrong-board` (infrastructure), `ssh.no-address` (board), and those of
 *   `SshDriver.connect`
 */
export async function logInToBoard(
  board: TakenBoard,
  driver: SshDriver,
  ask: AskShell,
  signal: AbortSignal,
): Promise<SshSession> {
  using t = startDeadline(loginMs, `logging in to ${board.name} over the network`, { signal })
  const bootId = driver.checksIdentity ? await ask((shell) => requireBootId(shell, board.name, t)) : undefined
  const fingerprints = driver.readsHostKeys
    ? await ask((shell) => requireHostKeys(shell, board.name, t))
    : undefined
  let failure: unknown = noAddress(board.name, driver.interface)
  for (;;) {
    for (const address of await addressesOf(board, driver, ask, t)) {
      try {
        return await logIn({ board, driver, address, fingerprints, bootId }, t)
      } catch (error) {
        if (signal.aborted || !isTransient(error)) throw error
        failure = error
      }
    }
    try {
      await wait(betweenAttemptsMs, undefined, { signal: t.signal })
    } catch {
      signal.throwIfAborted()
      throw givenUp(board.name, failure)
    }
  }
}

interface Attempt {
  readonly board: TakenBoard
  readonly driver: SshDriver
  readonly address: NetworkAddress
  readonly fingerprints: readonly string[] | undefined
  readonly bootId: string | undefined
}

async function logIn(attempt: Attempt, t: Deadline): Promise<SshSession> {
  const { board, driver, address, fingerprints, bootId } = attempt
  using budget = t.within(attemptMs, `logging in at ${address.host} port ${address.port}`)
  const session = await driver.connect(address, fingerprints, budget)
  try {
    const found = bootId === undefined ? undefined : await readBootId(session, budget)
    if (found !== bootId) throw wrongBoard(board.name, session.name, bootId, found)
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}

/** The server does not listen yet, or nobody has the address. */
function isTransient(error: unknown): boolean {
  return (
    error instanceof HilError && ['ssh.unreachable', 'deadline.exceeded', 'ssh.lost'].includes(error.code)
  )
}

async function addressesOf(
  { name, reach }: TakenBoard,
  driver: SshDriver,
  ask: AskShell,
  t: Deadline,
): Promise<readonly NetworkAddress[]> {
  const { port, host } = driver
  if (host !== undefined) return [{ host, port }]
  const emulated = await reach?.(port, t)
  if (emulated !== undefined) return [emulated]
  const hosts = await ask((shell) => readAddresses(shell, driver.interface, t))
  if (hosts !== undefined) return hosts.map((each) => ({ host: each, port }))
  throw new HilError(
    'ssh.no-address',
    `${name} has neither ip nor ifconfig to tell its address: write it as ssh.host`,
    { blame: 'environment', details: { board: name } },
  )
}

async function requireBootId(shell: Shell, board: string, t: Deadline): Promise<string> {
  const id = await readBootId(shell, t)
  if (id !== undefined) return id
  throw new HilError(
    'ssh.no-identity',
    `${board} can't be told from other machines, since it has no /proc/sys/kernel/random/boot_id; say ssh.identity: false to trust the address`,
    { blame: 'environment', details: { board } },
  )
}

async function requireHostKeys(shell: Shell, board: string, t: Deadline): Promise<readonly string[]> {
  const keys = await readHostKeys(shell, t)
  if (keys.length > 0) return keys
  throw new HilError(
    'ssh.no-host-key',
    `${board} shows no host keys on its console, neither in /etc/ssh nor in /etc/dropbear: give its fingerprint as ssh.host-key, or say accept-new`,
    { blame: 'environment', details: { board } },
  )
}

function wrongBoard(
  board: string,
  who: string,
  wanted: string | undefined,
  found: string | undefined,
): HilError {
  return new HilError(
    'ssh.wrong-board',
    `${who} is not ${board}, or not the same boot of it: its boot_id is ${found ?? 'not readable'}, that on the console ${wanted}; look at ssh.host and at who else has the address`,
    { blame: 'infrastructure', details: { board, who, wanted, found } },
  )
}

function noAddress(board: string, only: string | undefined): HilError {
  const where = only === undefined ? '' : ` on ${only}`
  return new HilError('ssh.no-address', `${board} has no network address${where}`, {
    blame: 'board',
    details: { board, ...(only !== undefined && { interface: only }) },
  })
}

function givenUp(board: string, cause: unknown): HilError {
  const { code, blame } =
    cause instanceof HilError && cause.code !== 'deadline.exceeded'
      ? cause
      : ({ code: 'ssh.unreachable', blame: 'infrastructure' } as const)
  return new HilError(
    code,
    `could not log in to ${board} over the network within ${formatDuration(loginMs)}: ${messageOf(cause)}`,
    { blame, details: { board }, cause },
  )
}
