// Command yardd serves the depot, sends its messages, and sweeps overdue parcels out at night.
package main

import (
	"context"
	"database/sql"
	"flag"
	"log"
	"net/http"
	"os"
	"time"

	_ "github.com/lib/pq"

	"parcelyard/internal/httpapi"
	"parcelyard/internal/jobs"
	"parcelyard/internal/notify"
	"parcelyard/internal/store"
)

func main() {
	sweep := flag.Bool("sweep", false, "return what was kept too long, and exit")
	flag.Parse()

	db, err := sql.Open("postgres", os.Getenv("YARD_DATABASE"))
	if err != nil {
		log.Fatal(err)
	}
	depot := store.New(db)
	ctx := context.Background()

	if *sweep {
		returned, err := jobs.ReturnOverdue(ctx, depot, time.Now())
		if err != nil {
			log.Fatal(err)
		}
		log.Printf("returned %d parcels", returned)
		return
	}

	worker := notify.NewWorker(depot, notify.NewGateway(os.Getenv("YARD_SMS_GATEWAY")))
	go worker.Run(ctx)

	server := httpapi.New(depot)
	log.Fatal(http.ListenAndServe(":8090", server.Routes()))
}
