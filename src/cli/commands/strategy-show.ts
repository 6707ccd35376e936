import { defineCommand } from '../command.ts'

export const strategyShow = defineCommand({
  positionals: {
    strategy: {
      type: 'string',
      demandOption: true,
      description:
        'A strategy that comes with hil, a file of your own, or an environment: then the strategies of its boards',
    },
  },
  options: {
    mermaid: {
      type: 'boolean',
      description: 'As a Mermaid diagram, which GitHub and GitLab draw',
    },
  },
  examples: [
    ['hil strategy show barebox', 'States, edges and their budgets'],
    ['hil strategy show ./my-board.ts --mermaid', 'Draw a strategy of your own'],
  ],
  async run({ strategy, mermaid }) {
    const { showStrategy } = await import('../../app/strategies.ts')
    return showStrategy(strategy, { asMermaid: mermaid ?? false })
  },
})
