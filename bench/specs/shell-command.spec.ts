import { useBoard } from 'hil'

describe('a shell command', () => {
  const board = useBoard({ state: 'shell' })

  it('is timed, from the spec', async () => {
    const times: number[] = []
    for (let round = 0; round < 100; round++) {
      const start = performance.now()
      await board.shell.run('true')
      times.push(performance.now() - start)
    }
    console.log(`times ${JSON.stringify(times)}`)
  })
})
