import { readFile } from 'node:fs/promises'

/** The largest resident memory of a process and its children, sampled while it runs. */
export function watchMemory(pid: number): { stop(): number } {
  let peak = 0
  const sample = () => {
    void treeMemory(pid).then((mebibytes) => {
      peak = Math.max(peak, mebibytes)
    })
  }
  const timer = setInterval(sample, 200)
  return {
    stop: () => {
      clearInterval(timer)
      return peak
    },
  }
}

async function treeMemory(pid: number): Promise<number> {
  const own = /VmRSS:\s+(\d+) kB/.exec(await read(`/proc/${pid}/status`))?.[1]
  const children = (await read(`/proc/${pid}/task/${pid}/children`))
    .split(' ')
    .filter((child) => child !== '')
  const below = await Promise.all(children.map((child) => treeMemory(Number(child))))
  return Number(own ?? 0) / 1024 + below.reduce((a, b) => a + b, 0)
}

function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
