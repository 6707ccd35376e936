export { inspectKernelImage, type KernelImageOptions } from './inspect.ts'
export type { Architecture, KernelImage, KernelLayer } from './kernel-image.ts'
