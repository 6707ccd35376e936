import { defineCommand } from '../command.ts'
import { coordinatorArguments, coordinatorOptions } from '../coordinator-options.ts'
import { once } from '../shared-options.ts'
import { usageError } from '../usage-error.ts'

export const labReserve = defineCommand({
  positionals: {
    tags: { type: 'string', array: true, demandOption: true, description: 'Tags of the place: KEY=VALUE' },
  },
  options: {
    ...coordinatorOptions,
    wait: { type: 'boolean', description: 'Wait until a place is kept for you' },
    prio: {
      type: 'string',
      requiresArg: true,
      description: 'Place among those who wait: the highest comes first; 0',
      coerce: priority,
    },
    shell: { type: 'boolean', description: 'Print it as a variable for the shell, LG_TOKEN' },
  },
  examples: [
    ['hil lab reserve board=rock3a --wait -x labhost', 'Wait for any place that has such a board'],
    [
      'eval "$(hil lab reserve board=rock3a --shell --wait)" && hil lab acquire -p +',
      'Wait for one, and take it',
    ],
  ],
  async run({ tags, wait = false, prio = 0, shell = false, ...args }) {
    const { reserveCommand } = await import('../../app/lab/places/reserve.ts')
    const wanted = Object.fromEntries(tags.map(tagOf))
    return reserveCommand({ ...coordinatorArguments(args), tags: wanted, priority: prio, waits: wait, shell })
  },
})

function tagOf(text: string): readonly [string, string] {
  const [, key, value] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  if (key === undefined || value === undefined) throw usageError(`"${text}" is no tag: write KEY=VALUE`)
  return [key, value]
}

function priority(value: unknown): number {
  const text = once('--prio')(value)
  const number = Number(text)
  if (text.trim() !== '' && Number.isFinite(number)) return number
  throw usageError(`--prio takes a number, not "${text}"`)
}
