export declare const WAVE_HEIGHT: number;
export declare function waveSheet(source: string): string;
