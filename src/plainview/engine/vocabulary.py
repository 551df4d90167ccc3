"""Names from the W3C Data Privacy Vocabulary that a policy may say its own terms are nearest to.

Names only, of version 2.2 (https://w3id.org/dpv, https://w3id.org/dpv/pd,
https://w3id.org/dpv/legal/eu/gdpr), and only those that a service for people can need.
"""


def _named(prefix: str, words: str) -> frozenset[str]:
    return frozenset(f"{prefix}:{word}" for word in words.split())


PURPOSES = _named(
    "dpv",
    """
    AccountManagement Advertising AgeVerification CommercialResearch
    CommunicationForCustomerCare CommunicationManagement CustomerCare CustomerClaimsManagement
    CustomerManagement CustomerOrderManagement CustomerRelationshipManagement DeliveryOfGoods
    DirectMarketing DisputeManagement EnforceAccessControl EnforceSecurity
    EstablishContractualAgreement FraudPreventionAndDetection
    FulfilmentOfContractualObligation FulfilmentOfObligation IdentityAuthentication
    IdentityVerification ImproveExistingProductsAndServices IncreaseServiceRobustness
    InternalResourceOptimisation LegalCompliance MaintainFraudDatabase Marketing
    MemberPartnerManagement MisusePreventionAndDetection OptimisationForConsumer
    OptimisationForController OptimiseUserInterface OrganisationComplianceManagement
    OrganisationGovernance OrganisationRiskManagement PaymentManagement Personalisation
    PersonalisedAdvertising PersonalisedBenefits ProtectionOfIPR
    ProvidePersonalisedRecommendations ProvideProductRecommendations PublicBenefit
    PublicRelations Purpose RecordManagement RepairImpairments RequestedServiceProvision
    ResearchAndDevelopment RightsFulfilment ScientificResearch SearchFunctionalities
    SellDataToThirdParties SellInsightsFromData SellProducts SellProductsToDataSubject
    ServiceOptimisation ServicePersonalisation ServiceProvision ServiceRegistration
    ServiceUsageAnalytics SocialMediaMarketing TargetedAdvertising TechnicalServiceProvision
    UserInterfacePersonalisation VendorManagement Verification
    """,
)

CATEGORIES = _named(
    "pd",
    """
    AccountIdentifier Age AgeRange Authenticating AuthenticationHistory Behavioural
    BrowserHistory BrowsingBehaviour BrowsingReferral City Communication
    CommunicationsMetadata Contact Country Demographic DeviceApplications DeviceBased
    DeviceOperatingSystem DeviceSoftware EmailAddress EmailContent External Favourite
    Financial Gender Historical Identifier Identifying IndividualProfile Intention Interaction
    Interest Internal IPAddress Language Like LinkClicked Location Name OfficialID Opinion
    Ownership Password PaymentCard PaymentCardExpiry PersonalDocuments Picture Preference
    PrivacyPreference Profile PublicLife Purchase PurchasesAndSpendingHabit Region
    Relationship Reliability SecretText ServiceConsumptionBehaviour Social SocialMedia
    SocialMediaCommunication SocialNetwork Tracking Transaction Transactional
    TVViewingBehaviour UID UserAgent Username
    """,
)

BASES = _named(
    "dpv",
    """
    Consent Contract ContractPerformance EnterIntoContract LegalBasis LegalObligation
    LegitimateInterest LegitimateInterestOfController LegitimateInterestOfThirdParty
    OfficialAuthorityOfController PublicInterest VitalInterest VitalInterestOfDataSubject
    VitalInterestOfNaturalPerson
    """,
)

RIGHTS = _named(
    "eu-gdpr",
    """
    A13 A14 A15 A16 A17 A18 A19 A20 A21 A22 A7-3 A77 A78 A79
    """,
) | {"dpv:DataSubjectRight"}

MEASURES = _named(
    "dpv",
    """
    AccessControlMethod ActivityMonitoring Anonymisation AuthorisationProcedure
    AuthorisationProtocols ConsentManagement ConsentRecord CredentialManagement
    CryptographicKeyManagement CryptographicMethods DataBackupProtocols DataBreachNotification
    DataBreachRecord DataErasurePolicy DataInventoryManagement DataProcessingPolicy
    DataProcessingRecord DataRedaction DataSubjectRightsManagement DataTransferRecord
    Deidentification DifferentialPrivacy DisasterRecoveryProcedures Encryption
    EncryptionAtRest EncryptionInTransfer GovernanceProcedures HashFunctions
    IncidentManagementProcedures InformationFlowControl InformationSecurityPolicy
    LegitimateInterestAssessment LoggingPolicy MultiFactorAuthentication
    PasswordAuthentication PermissionManagement PrivacyByDefault PrivacyByDesign PrivacyNotice
    PrivacyPreservingProtocol Pseudonymisation ReviewProcedure Safeguard
    SafeguardForDataTransfer SecurityMethod StaffTraining UsageControl WebBrowserSecurity
    WebSecurityProtocols
    """,
)
