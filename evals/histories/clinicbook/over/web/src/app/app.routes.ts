import { Routes } from '@angular/router';

import { AnswerPageComponent } from './answer-page.component';
import { BookingWizardComponent } from './booking-wizard.component';
import { DayPlanComponent } from './day-plan.component';
import { PatientCardComponent } from './patient-card.component';
import { RosterBoardComponent } from './roster-board.component';
import { VisitSheetComponent } from './visit-sheet.component';
import { WaitingPanelComponent } from './waiting-panel.component';

export const routes: Routes = [
  { path: '', component: DayPlanComponent },
  { path: 'book', component: BookingWizardComponent },
  { path: 'waiting', component: WaitingPanelComponent },
  { path: 'patients/:id', component: PatientCardComponent },
  { path: 'roster', component: RosterBoardComponent },
  { path: 'visit/:id', component: VisitSheetComponent },
  { path: 'a/:token', component: AnswerPageComponent },
];
