import { HttpClient } from '@angular/common/http';
import { Injectable, inject, signal } from '@angular/core';

type Words = Record<string, string>;

/** The words of the screens, loaded once from assets/i18n. */
@Injectable({ providedIn: 'root' })
export class WordsService {
  private readonly http = inject(HttpClient);
  private readonly words = signal<Words>({});
  readonly language = signal(localStorage.getItem('language') ?? 'en');

  load(language = this.language()): void {
    this.http.get<Words>(`assets/i18n/${language}.json`).subscribe((words) => {
      this.words.set(words);
      this.language.set(language);
      localStorage.setItem('language', language);
    });
  }

  /** The key itself where nobody has translated it. */
  say(key: string): string {
    return this.words()[key] ?? key;
  }
}
