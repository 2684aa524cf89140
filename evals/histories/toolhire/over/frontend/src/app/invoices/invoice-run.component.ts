import { Component, inject, signal } from "@angular/core";
import { FormsModule } from "@angular/forms";
import { Invoice, ToolhireApi } from "../api/toolhire-api.service";

/** The office, on the first of a month. */
@Component({
  selector: "th-invoice-run",
  standalone: true,
  imports: [FormsModule],
  template: `
    <h1>Month end</h1>
    <input type="month" [(ngModel)]="month" />
    <button (click)="collect()">Collect</button>
    @for (invoice of invoices(); track invoice.id) {
      <p>
        {{ invoice.hireNumber }}: {{ invoice.cents / 100 }}
        <button [disabled]="invoice.state !== 'DRAFT'" (click)="send(invoice)">To the post</button>
      </p>
    }
  `,
})
export class InvoiceRunComponent {
  private readonly api = inject(ToolhireApi);

  readonly invoices = signal<Invoice[]>([]);
  month = "";

  collect(): void {
    this.api.draftInvoices(this.month).subscribe((invoices) => this.invoices.set(invoices));
  }

  send(invoice: Invoice): void {
    this.api.releaseInvoice(invoice.id).subscribe(() => this.collect());
  }
}
