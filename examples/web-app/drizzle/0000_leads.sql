CREATE TYPE "public"."role" AS ENUM('sender', 'operator');--> statement-breakpoint
CREATE TABLE "leads" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"hunt_id" text NOT NULL,
	"ad_id" text NOT NULL,
	"name" text NOT NULL,
	"phone" text NOT NULL,
	"ad_title" text NOT NULL,
	"city" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sends" (
	"workflow_id" text PRIMARY KEY NOT NULL,
	"lead_id" text NOT NULL,
	"number" integer NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" "role" NOT NULL,
	"account_id" uuid NOT NULL,
	"account_name" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sends" ADD CONSTRAINT "sends_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "leads_by_hunt" ON "leads" USING btree ("account_id","hunt_id");--> statement-breakpoint
CREATE INDEX "sends_of_lead" ON "sends" USING btree ("lead_id","number");