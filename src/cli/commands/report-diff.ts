import { defineCommand } from '../command.ts'
import { outputOption } from '../report-options.ts'
import { usageError } from '../usage-error.ts'

export const reportDiff = defineCommand({
  positionals: {
    a: {
      type: 'string',
      demandOption: true,
      description: 'Report of a run, usually a good one, or a console log',
    },
    b: { type: 'string', demandOption: true, description: 'The one to compare it with, usually a bad one' },
  },
  options: {
    board: {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      defaultDescription: 'the one that both have',
      description: 'Of this board; twice: of A, and of B',
    },
    boot: {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      defaultDescription: 'the one that failed, or the last',
      description: 'This boot of the run, from 1; twice: of A, and of B',
    },
    full: { type: 'boolean', description: 'Print both consoles whole' },
    output: outputOption,
  },
  examples: [
    ['hil report diff reports/good reports/bad', 'Tell where a bad boot parts from a good one'],
    ['hil report diff reports/good reports/latest -o diff.html', 'The same as a page'],
    ['hil report diff --boot 1 --boot 2 reports/latest reports/latest', 'Two boots of one run'],
    ['hil report diff good.log bad.log', 'Console logs from anywhere'],
  ],
  async run({ a, b, board, boot, full, output }) {
    const { diffReports } = await import('../../app/report/report-diff.ts')
    const boards = twoAtMost('--board', board)
    const boots = twoAtMost('--boot', boot).map(bootNumber)
    return diffReports({ a, b, boards, boots, full: full ?? false, output })
  },
})

function twoAtMost(option: string, values: readonly string[]): readonly string[] {
  if (values.length <= 2) return values
  throw usageError(`${option} is given ${values.length} times: there are only two runs`)
}

function bootNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw usageError(`--boot takes a whole number from 1 on, not "${text}"`)
}
