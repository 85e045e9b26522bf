/** Every build of node-llama-cpp that a machine may do without: most of its 725 MB. Source: its package.json, optionalDependencies, 3.22.1. */
export const spareBuilds = [
  'linux-arm64',
  'linux-armv7l',
  'linux-riscv64',
  'linux-x64-cuda',
  'linux-x64-cuda-ext',
  'linux-x64-vulkan',
  'win-arm64',
  'win-x64-cuda',
  'win-x64-cuda-ext',
  'win-x64-vulkan',
] as const;

/** What the engine may run on. */
export interface Machine {
  /** as Node names it: `linux`, `darwin`, `win32` */
  readonly platform: string;
  /** as Node names it: `x64`, `arm64`, `arm` */
  readonly arch: string;
  readonly hasNvidiaGpu: boolean;
}

const platformNames: Readonly<Record<string, string>> = { darwin: 'mac', win32: 'win', linux: 'linux' };
const archNames: Readonly<Record<string, string>> = { arm: 'armv7l' };

/** The builds that a machine needs, its own first: one for its processor, and CUDA's two where there is such a GPU. Source: node-llama-cpp 3.22.1, which it imports when. */
export function chooseBuilds({ platform, arch, hasNvidiaGpu }: Machine): readonly string[] {
  const own = `${platformNames[platform] ?? platform}-${archNames[arch] ?? arch}`;
  // on Apple's processors the build with the GPU is the only one
  if (own === 'mac-arm64') return ['mac-arm64-metal'];
  const hasCudaBuild = own === 'linux-x64' || own === 'win-x64';
  return hasNvidiaGpu && hasCudaBuild ? [own, `${own}-cuda`, `${own}-cuda-ext`] : [own];
}
