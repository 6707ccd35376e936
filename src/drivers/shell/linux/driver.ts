import type { Console } from '../../../board/console.ts'
import type { DriverContext } from '../../../board/driver.ts'
import type { Shell, ShellDriver } from '../../../board/shell.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { kernelStopped } from '../../../kernel/fatal.ts'
import type { LinuxShellOptions } from '../linux.ts'
import { ChildShell } from './child-shell.ts'
import { kernelStoppedItself } from './kernel-errors.ts'
import { LinuxShell } from './linux-shell.ts'
import { logIn, type LoginOptions, type Seen } from './log-in.ts'
import { LoopChannel } from './loop-channel.ts'
import { endLeftShell, leftShell } from './left-shell.ts'
import { PromptChannel } from './prompt-channel.ts'

/** The last line's end, on no line of the kernel: `/ # `, `root@board:~# `, `$ `. */
const defaultPrompt = String.raw`^(?!\[ {0,4}\d)[^\n]{0,100}[#$] $`

/** `board login: `; not the `Last login: ...` after it. */
const defaultLoginPrompt = String.raw`(?<!Last )login: {0,1}`

export async function openLinuxShell(
  options: LinuxShellOptions,
  { secret }: Pick<DriverContext, 'secret'>,
): Promise<ShellDriver> {
  const { user, password, prompt = defaultPrompt, loginPrompt = defaultLoginPrompt } = options
  const login: LoginOptions = {
    user,
    password: typeof password === 'object' ? await secret(password) : password,
    prompt: new RegExp(prompt.endsWith('$') ? prompt : `(?:${prompt})$`),
    loginPrompt: new RegExp(loginPrompt),
    nudgeAfterMs: options.nudgeAfter,
  }
  const enter = async (console: Console, t: Deadline, seen?: Seen): Promise<Shell> => {
    using _stopped = console.failOn(kernelStopped, (match) => kernelStoppedItself(console.name, match))
    await logIn(console, login, t, seen)
    return await openShell(console, login, options, t)
  }
  return {
    login: enter,
    answers: { prompt: login.prompt, login: login.loginPrompt, ...leftShell },
    answerWithin: options.echoTimeout,
    async recognise(console, { which }, t) {
      if (which === 'prompt' || which === 'login') return enter(console, t, which)
      await endLeftShell(console, options, t)
      return enter(console, t)
    },
  }
}

async function openShell(
  console: Console,
  { prompt, loginPrompt }: LoginOptions,
  { mode, program, echoTimeout, recoveryTimeout }: LinuxShellOptions,
  t: Deadline,
): Promise<Shell> {
  const where = `the shell of ${console.name}`
  const options = {
    ...{ console, where, prompt, loginPrompt, program },
    ...{ echoMs: echoTimeout, recoverMs: recoveryTimeout },
  }
  const child = await ChildShell.start(options, t)
  if (child === undefined) throw noProgram(where, program)
  const start = mode === 'prompt' ? PromptChannel : LoopChannel
  return new LinuxShell(console, where, await start.start(child, t))
}

function noProgram(where: string, program = 'sh'): HilError {
  return new HilError(
    'shell.no-program',
    `${where} could not start "${program}" to run commands in: name another as shell.program`,
    { blame: 'environment', details: { program } },
  )
}
