/** Apart from `run.ts`, which takes as long to load as the worker that this starts meanwhile. */
export { startAhead as startWorker } from '../../session/group/worker-process.ts'
