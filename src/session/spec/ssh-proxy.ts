import { randomUUID } from 'node:crypto'
import type { NetworkAddress } from '../../board/ssh.ts'
import type { CallBoard, Forwarded, SshCall } from '../board/board-calls.ts'
import { callTime } from './call-time.ts'
import { OutputLines } from './output-lines.ts'
import { runOkBy } from './run-ok.ts'
import type { SpecForward, SpecProcess, SpecSsh, SshOptions } from './spec-ssh.ts'

export function specSsh(call: CallBoard): SpecSsh {
  const run = async (command: string, { onOutput, ...options }: SshOptions = {}) =>
    call('runOverSsh', command, sshCall(options), onOutput)
  const forward = async (opened: Promise<Forwarded>): Promise<SpecForward> => {
    const { id, host, port } = await opened
    const close = () => call('closeForward', id)
    return { host, port, close, [Symbol.asyncDispose]: close }
  }
  return {
    run,
    runOk: runOkBy(run),
    start: (command, options = {}) => startProcess(call, command, options),
    forwardTo: async (target) => forward(call('forwardTo', addressOf(target))),
    forwardFrom: async (target, port = 0) => forward(call('forwardFrom', port, addressOf(target))),
  }
}

function startProcess(
  call: CallBoard,
  command: string,
  { onOutput, ...options }: Omit<SshOptions, 'input'>,
): SpecProcess {
  const key = randomUUID()
  const lines = new OutputLines()
  let onStarted: () => void = () => undefined
  const started = new Promise<void>((resolve) => (onStarted = resolve))
  const ended = call(
    'runOverSsh',
    command,
    { ...sshCall(options), key },
    (output) => {
      lines.take(output)
      onOutput?.(output)
    },
    onStarted,
  )
  const onEnd = (error?: Error) => {
    lines.end(error)
    onStarted()
  }
  ended.then(
    () => {
      onEnd()
    },
    (error: unknown) => {
      onEnd(error instanceof Error ? error : new Error(String(error)))
    },
  )
  const tell = async (say: () => Promise<void>) => {
    await started
    await say()
  }
  return {
    ended,
    lines: () => lines,
    write: (data) => tell(() => call('writeOverSsh', key, data)),
    end: () => tell(() => call('endInputOverSsh', key)),
    signal: (name) => tell(() => call('signalOverSsh', key, name)),
    async [Symbol.asyncDispose]() {
      await started
      if (!lines.hasEnded) await call('signalOverSsh', key, 'SIGKILL').catch(() => undefined)
      await ended.catch(() => undefined)
    },
  }
}

function sshCall({ timeout, ...options }: Omit<SshOptions, 'onOutput'>): SshCall {
  return { ...options, ...callTime(timeout) }
}

/** A bare port is one of whoever is asked. */
function addressOf(target: number | NetworkAddress): NetworkAddress {
  return typeof target === 'number' ? { host: '127.0.0.1', port: target } : target
}
