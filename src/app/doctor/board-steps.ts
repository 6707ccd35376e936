import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { bootGolden } from '../../session/board/golden-boot.ts'
import { formatDuration } from '../../core/duration.ts'
import type { Bench } from './bench.ts'
import { tftpPortFinding, wantedPort } from './machine.ts'
import { failedBy, ok, type Step } from './step.ts'
import { baudRate } from './steps/baud.ts'
import { reachBootloader, readAbilities } from './steps/bootloader.ts'
import { fileFindings } from './steps/files.ts'
import { portFindings } from './steps/ports.ts'
import { powerOff, powerOn, powerState } from './steps/power.ts'
import { logInOverSsh } from './steps/ssh.ts'
import { fetchByTftp } from './steps/tftp.ts'

const seconds = 1000
const minutes = 60 * seconds

/** Those that open and switch nothing. */
export const lookingSteps: readonly Step<Pick<Bench, 'spec'>>[] = [
  {
    id: 'files',
    title: 'files and programs',
    needs: [],
    budgetMs: 30 * seconds,
    advice: 'correct what the environment names',
    async run({ spec }) {
      const findings = await fileFindings(spec)
      return findings.length > 0 ? findings : { nothingToTry: 'the environment names none' }
    },
  },
  {
    id: 'ports',
    title: 'serial ports',
    needs: ['lease'],
    budgetMs: 30 * seconds,
    advice: 'look at what is plugged in: hil suggest',
    async run({ spec }) {
      const findings = await portFindings(spec)
      return findings.length > 0 ? findings : { nothingToTry: 'this board has none on this machine' }
    },
  },
  {
    id: 'tftp-port',
    title: 'TFTP port',
    needs: [],
    budgetMs: 30 * seconds,
    advice: 'free the port, or name another one',
    async run({ spec }) {
      const wanted = wantedPort(spec)
      if (wanted === undefined) return { nothingToTry: 'hil needs no port of its own for this board' }
      return [await tftpPortFinding(wanted, true)]
    },
  },
]

/** Everything that is proven of a bench, each with what it stands on. */
export function provingSteps({ waitMs }: Queueing): readonly Step<Bench>[] {
  return [
    {
      id: 'lease',
      title: 'free for us',
      needs: [],
      budgetMs: waitMs + 30 * seconds,
      advice: 'wait for your turn with --wait 30m, or ask who has it',
      async run(bench, t) {
        await bench.lease(t)
        return [
          ok(bench.needsNothing ? 'emulated: everybody can have one' : 'nobody else uses what it needs'),
        ]
      },
    },
    ...lookingSteps,
    {
      id: 'open',
      title: 'console, power switch',
      needs: ['lease', 'files', 'ports'],
      budgetMs: 5 * minutes,
      advice: 'the sentence names what did not open: look at its cable, its address and its password',
      async run(bench, t) {
        await bench.open(t)
        return [ok(`the console is open, and the power switch says "${await powerState(bench, t)}"`)]
      },
    },
    {
      id: 'power-on',
      title: 'power on',
      needs: ['open'],
      budgetMs: 2 * minutes,
      advice:
        'switch it by hand, as the environment says: outlet, address and password have to be those of this board',
      run: powerOn,
    },
    {
      id: 'baud',
      title: 'readable console',
      needs: ['power-on'],
      budgetMs: 5 * minutes,
      advice: 'look at the rate the board speaks at ("baud" below "console:")',
      run: baudRate,
    },
    {
      id: 'power-off',
      title: 'really off',
      needs: ['power-on'],
      budgetMs: 2 * minutes,
      advice:
        'switch it by hand, as the environment says: outlet, address and password have to be those of this board',
      run: powerOff,
    },
    {
      id: 'bootloader',
      title: 'bootloader',
      needs: ['baud', 'power-off'],
      budgetMs: 5 * minutes,
      advice:
        'read what the console said: where another bootloader speaks, name that; where it boots at once, set "interrupt" to the key it asks for or "interrupt-from-power-on"; where the prompt is another, set "prompt" (docs/bootloaders.md)',
      run: reachBootloader,
    },
    {
      id: 'capabilities',
      title: 'what the bootloader can',
      needs: ['bootloader'],
      budgetMs: 1 * minutes,
      advice: 'the prompt was lost: is the console noisy, or does a watchdog reset the board?',
      run: readAbilities,
    },
    {
      id: 'tftp',
      title: 'files over the network',
      needs: ['bootloader', 'tftp-port'],
      budgetMs: 3 * minutes,
      advice: 'look at the cable of the board, its network and its address',
      run: fetchByTftp,
    },
    {
      id: 'golden-boot',
      title: 'golden boot',
      needs: ['bootloader'],
      budgetMs: 20 * minutes,
      advice:
        'the board does not boot what it has: look at where it stopped, at its storage, at "boot: { source: ... }", and at the user, password and prompt of "shell:". Has it nothing of its own to boot, name what it boots instead: "boot: { golden: payload, payload: { ... } }"',
      async run(bench, t) {
        const outcome = (bench.boot = await bootGolden(bench.service, t))
        if (!outcome.isGood) throw outcome.error
        const { kernel, durationMs } = outcome
        const booted = `Linux ${kernel} at a shell, ${formatDuration(Math.round(durationMs))} after power-on`
        const { quarantine } = bench
        return [
          ok(booted),
          ...(quarantine === undefined
            ? []
            : [ok(`it is back from quarantine, in which it was ${quarantine}`)]),
        ]
      },
    },
    {
      id: 'ssh',
      title: 'SSH',
      needs: ['golden-boot'],
      budgetMs: 2 * minutes,
      advice:
        'log in by hand, as the environment says (ssh USER@ADDRESS): address, user, key and host key have to be those of this board',
      run: logInOverSsh,
    },
  ]
}

/** Whatever was found, the board is left as declared. */
export const leavingStep: Step<Bench> = {
  id: 'release',
  title: 'left as declared',
  needs: [],
  budgetMs: 10 * minutes,
  advice: 'switch the board by hand, and look at its power switch',
  async run(bench) {
    const wasOpen = bench.isOpen
    const problems = await bench.close()
    if (problems.length > 0) return problems.map((problem) => failedBy(problem, leavingStep.advice))
    if (!wasOpen) return { nothingToTry: 'nothing was switched' }
    const { after } = bench.spec
    return [
      ok(
        after === 'as-is'
          ? 'the power is as it came to be (after: as-is)'
          : `the power is ${after} (after: ${after})`,
      ),
    ]
  },
}
