import { defineCommand } from '../command.ts'

export const fitInspect = defineCommand({
  positionals: {
    files: { type: 'string', array: true, demandOption: true, description: 'FIT images' },
  },
  options: {},
  examples: [['hil fit inspect image.fit', 'list images and configurations']],
  async run({ files }) {
    const { inspectFitCommand } = await import('../../app/fit/inspect.ts')
    return inspectFitCommand(files)
  },
})
