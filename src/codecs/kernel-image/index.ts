export { inspectKernelImage, unwrapKernelImage, type KernelImageOptions } from './inspect.ts'
export type { Architecture, KernelImage, KernelLayer } from './kernel-image.ts'
