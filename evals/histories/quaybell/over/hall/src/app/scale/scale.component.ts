import { Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { HallApi } from '../core/hall-api';
import { Catch, Landing } from '../core/model';
import { SayPipe } from '../core/say.pipe';

/** The screen beside the scale. */
@Component({
  selector: 'qb-scale',
  standalone: true,
  imports: [FormsModule, SayPipe],
  templateUrl: './scale.component.html',
})
export class ScaleComponent {
  private readonly api = inject(HallApi);
  readonly landings = signal<Landing[]>([]);
  readonly grades = ['EXTRA', 'A', 'B', 'MEAL'];
  haul: Catch = this.empty();
  grossKilos = 0;
  why = '';

  constructor() {
    this.refresh();
  }

  save(): void {
    const haul = { ...this.haul, grossGrams: Math.round(this.grossKilos * 1000) };
    this.api.register(haul).subscribe(() => {
      this.haul = { ...this.empty(), callsign: haul.callsign };
      this.grossKilos = 0;
      this.refresh();
    });
  }

  undo(landing: Landing): void {
    this.api.scrap(landing.id, this.why).subscribe(() => this.refresh());
  }

  private refresh(): void {
    this.api.landings(12).subscribe((landings) => this.landings.set(landings));
  }

  private empty(): Catch {
    return { callsign: '', species: 'COD', grade: 'A', crates: 1, grossGrams: 0 };
  }
}
