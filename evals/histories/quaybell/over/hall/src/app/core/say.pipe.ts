import { Pipe, PipeTransform, inject } from '@angular/core';
import { WordsService } from './words.service';

@Pipe({ name: 'say', standalone: true, pure: false })
export class SayPipe implements PipeTransform {
  private readonly words = inject(WordsService);

  transform(key: string): string {
    return this.words.say(key);
  }
}
