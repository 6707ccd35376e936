import type { RunEvent } from '../../core/events.ts'
import type { BootResult } from '../../history/run-result.ts'
import { KernelLogReader } from '../../kernel/kernel-log-reader.ts'
import type { Stage } from '../../kernel/stages/stage.ts'

/** Follows the boots of all boards of a run: which stages they reached, and when. */
export class BootCollector {
  readonly #consoles = new Map<string, ConsoleOfBoard>()

  add(event: RunEvent): void {
    if (event.type === 'console-rx') {
      this.#console(event.board).reader.push(event.text ?? Buffer.from(event.base64, 'base64'), event.t)
    } else if (event.type === 'power' && event.action === 'on') {
      this.#console(event.board).reader.powered(event.t)
    } else if (event.type === 'boot-proof' && event.seen.banner !== undefined) {
      const { stages, banners } = this.#console(event.board)
      banners.set(stages.at(-1)?.boot, event.seen.banner)
    }
  }

  end(): readonly BootResult[] {
    return [...this.#consoles].flatMap(([board, { reader, stages, banners }]) => {
      reader.end()
      const starts = stages.filter(({ boot }, index) => boot !== stages[index - 1]?.boot)
      return starts.map((start, index) => ({
        board,
        number: index + 1,
        kernel: /Linux version (\S{1,100})/.exec(banners.get(start.boot) ?? '')?.[1],
        stages: firstOfEach(stages.filter(({ boot }) => boot === start.boot)).map((stage) => ({
          name: stage.name,
          at: stage.hostTimeMs - start.hostTimeMs,
          kernelTime: stage.kernelTime,
        })),
      }))
    })
  }

  #console(board: string): ConsoleOfBoard {
    let console = this.#consoles.get(board)
    if (console === undefined) {
      const stages: Stage[] = []
      const reader = new KernelLogReader({ onStage: (stage) => stages.push(stage) })
      console = { reader, stages, banners: new Map() }
      this.#consoles.set(board, console)
    }
    return console
  }
}

interface ConsoleOfBoard {
  readonly reader: KernelLogReader
  readonly stages: Stage[]
  /** What the kernel of each boot says of itself. */
  readonly banners: Map<number | undefined, string>
}

function firstOfEach(stages: readonly Stage[]): readonly Stage[] {
  return stages.filter(({ name }, index) => stages.findIndex((other) => other.name === name) === index)
}
